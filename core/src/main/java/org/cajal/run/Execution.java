package org.cajal.run;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.cajal.op.Variable;
import org.cajal.type.CajalException;
import org.cajal.type.NDArray;
import org.jspecify.annotations.Nullable;

/**
 * One run in flight of an {@link Executable}: its slab and its table of buffers, to be run any
 * number of times by one thread at a time. Running allocates nothing.
 *
 * <p>The table: the slab, then the fed arrays, the variables, the constants.
 */
public final class Execution {
  private final Executable executable;
  private final Stage[] stages;
  private final MemorySegment[] table;
  private final @Nullable NDArray[] outputs;

  /** Stages kernel by kernel, for watches; made when first needed. */
  private Stage @Nullable [][] byKernel;

  /** An execution with a slab of its own. */
  public Execution(Executable executable) {
    this.executable = executable;
    stages = executable.stages();
    int inputs = executable.inputs().size();
    table =
        new MemorySegment
            [1 + inputs + executable.variables().size() + executable.constants().size()];
    table[0] = NDArray.allocate(executable.slabBytes());
    release();
    int at = 1 + inputs;
    for (Variable variable : executable.variables()) {
      table[at++] = variable.value().memory();
    }
    for (NDArray constant : executable.constants()) {
      table[at++] = constant.memory();
    }
    outputs = new NDArray[executable.outputs().size()];
  }

  /**
   * Sets all inputs.
   *
   * @throws CajalException if one is missing or has another type or shape
   */
  public void feed(Function<String, @Nullable NDArray> feed) {
    List<Executable.Slot> inputs = executable.inputs();
    for (int i = 0; i < inputs.size(); i++) {
      NDArray value = feed.apply(inputs.get(i).name());
      if (value == null) {
        throw new CajalException(
            "[run] input \""
                + inputs.get(i).name()
                + "\" is missing; feed "
                + needed(inputs.get(i)));
      }
      feed(i, value);
    }
  }

  /**
   * Sets one input; its array is read at each run, not copied.
   *
   * @param slot position in {@link Executable#inputs}
   * @throws CajalException if the array has another type or shape
   */
  public void feed(int slot, NDArray value) {
    Executable.Slot input = executable.inputs().get(slot);
    if (value.dtype() != input.dtype() || !value.shape().equals(input.shape())) {
      throw new CajalException(
          "[run] input \""
              + input.name()
              + "\" was fed "
              + value.dtype()
              + " "
              + value.shape()
              + "; the program needs "
              + needed(input));
    }
    table[1 + slot] = value.memory();
  }

  private static String needed(Executable.Slot input) {
    return input.dtype() + " " + input.shape();
  }

  /** Runs once, on what was fed. */
  public void run() {
    executable.prepare();
    if (StepEvent.isRecorded()) {
      runRecorded();
    } else {
      Team.shared().run(stages, table);
    }
  }

  /**
   * Runs once with a watch on each kernel.
   *
   * @param nanos to which each kernel's time is added, in nanoseconds, in the order of {@link
   *     Executable#schedule}
   */
  public void run(long[] nanos) {
    executable.prepare();
    Team team = Team.shared();
    Stage[][] kernels = byKernel();
    for (int i = 0; i < kernels.length; i++) {
      long begun = System.nanoTime();
      team.run(kernels[i], table);
      nanos[i] += System.nanoTime() - begun;
    }
  }

  private Stage[][] byKernel() {
    Stage[][] known = byKernel;
    if (known == null) {
      known =
          executable.schedule().stream()
              .map(each -> Stage.of(List.of(each.kernel())))
              .toArray(Stage[][]::new);
      byKernel = known;
    }
    return known;
  }

  /** Runs once and tells Flight Recorder. */
  private void runRecorded() {
    Team team = Team.shared();
    Stage[][] kernels = byKernel();
    StepEvent step = new StepEvent();
    step.begin();
    for (int i = 0; i < kernels.length; i++) {
      KernelEvent event = new KernelEvent();
      event.begin();
      team.run(kernels[i], table);
      event.end();
      event.commit(executable.schedule().get(i));
    }
    step.kernels = kernels.length;
    step.commit();
  }

  /**
   * The numbers of an output where the last run left them: read in place, overwritten by the next
   * run.
   */
  public NDArray output(int index) {
    NDArray known = outputs[index];
    if (known != null) {
      return known;
    }
    Executable.Place place = executable.outputs().get(index);
    Operand at = place.at();
    long bytes = place.shape().size() * place.dtype().bytes();
    NDArray view =
        NDArray.wrap(place.dtype(), place.shape(), table[at.buffer()].asSlice(at.offset(), bytes));
    boolean isFed = at.buffer() > 0 && at.buffer() <= executable.inputs().size();
    if (!isFed) {
      outputs[index] = view; // fed arrays may be others at the next run
    }
    return view;
  }

  /** Copies of all outputs. */
  public List<NDArray> outputs() {
    return IntStream.range(0, outputs.length).mapToObj(i -> output(i).copy()).toList();
  }

  /** Forgets the fed arrays, which must be fed again before the next run. */
  public void release() {
    int inputs = executable.inputs().size();
    for (int i = 0; i < inputs; i++) {
      table[1 + i] = MemorySegment.NULL;
    }
  }
}
