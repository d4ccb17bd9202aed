package org.cajal.run;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A kernel of a run, for Flight Recorder. */
@Name("org.cajal.Kernel")
@Label("Kernel")
@Category("Cajal")
@Description("A kernel of a compiled program")
@StackTrace(false)
final class KernelEvent extends Event {
  @Label("Kernel")
  String kernel = "";

  @Label("Fused Operations")
  String operations = "";

  @Label("Floating-Point Operations")
  double flops;

  @Label("Bytes Read and Written")
  double bytes;

  /** Fills in what ran and commits. */
  void commit(Executable.Scheduled scheduled) {
    if (shouldCommit()) {
      kernel = scheduled.kernel().name();
      operations = String.join(" ", scheduled.operations());
      flops = scheduled.kernel().flops();
      bytes = scheduled.kernel().bytes();
      commit();
    }
  }
}
