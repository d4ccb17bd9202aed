package org.cajal.run;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A run of a program, for Flight Recorder. */
@Name("org.cajal.Step")
@Label("Step")
@Category("Cajal")
@Description("A run of a compiled program")
@StackTrace(false)
final class StepEvent extends Event {
  /** Asked whether such events are recorded, which is free while they are not. */
  private static final StepEvent PROBE = new StepEvent();

  @Label("Kernels")
  int kernels;

  static boolean isRecorded() {
    return PROBE.isEnabled();
  }
}
