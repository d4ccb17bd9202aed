package org.cajal.tensor;

import java.util.ArrayList;
import java.util.List;
import org.cajal.run.Executable;
import org.cajal.run.Execution;
import org.cajal.type.CajalException;
import org.cajal.type.NDArray;

/**
 * A program with memory to run in: inputs are read from the arrays it is bound to, outputs lie in
 * arrays that the next run overwrites, and {@link #run} allocates nothing. For one thread at a
 * time; any number of them may be bound to one program.
 *
 * <pre>{@code
 * BoundProgram step = program.bind(Feed.of("x", batch).and("labels", classes));
 * NDArray value = step.output(loss);
 * for (int i = 0; i < 1000; i++) {
 *   step.run();                   // reads what batch and classes hold now
 *   total += value.get(0);
 * }
 * }</pre>
 */
public final class BoundProgram {
  private final List<Tensor> outputs;
  private final Executable executable;
  private final Execution execution;

  BoundProgram(List<Tensor> outputs, Executable executable, Feed feed) {
    this.outputs = outputs;
    this.executable = executable;
    this.execution = new Execution(executable);
    execution.feed(feed::get);
  }

  /**
   * Binds one input to another array.
   *
   * @throws CajalException if the program has no such input, or the array has another type or shape
   */
  public void feed(String name, NDArray value) {
    List<Executable.Slot> inputs = executable.inputs();
    for (int i = 0; i < inputs.size(); i++) {
      if (inputs.get(i).name().equals(name)) {
        execution.feed(i, value);
        return;
      }
    }
    throw new CajalException(
        "[run] the program has no input \""
            + name
            + "\"; it has "
            + inputs.stream().map(Executable.Slot::name).toList());
  }

  /**
   * Runs once.
   *
   * @throws CajalException if an index is out of range
   */
  public void run() {
    execution.run();
  }

  /**
   * The numbers of an output where each run leaves them; the next run overwrites them.
   *
   * @throws CajalException if the program does not have it
   */
  public NDArray output(Tensor output) {
    return execution.output(Results.position(outputs, output));
  }

  /**
   * Runs as often as asked for with a watch on each kernel. Variables are updated by each run.
   * Where kernels are small the watch counts: it takes some 50 ns a kernel, most of which the
   * profile shows as time outside kernels.
   *
   * @param runs at least 1
   * @throws CajalException as {@link #run}
   */
  public Profile profile(int runs) {
    List<Executable.Scheduled> schedule = executable.schedule();
    long[] nanos = new long[schedule.size()];
    long begun = System.nanoTime();
    for (int i = 0; i < runs; i++) {
      execution.run(nanos);
    }
    double seconds = (System.nanoTime() - begun) * 1e-9;
    List<Profile.Entry> entries = new ArrayList<>();
    for (int i = 0; i < nanos.length; i++) {
      Executable.Scheduled each = schedule.get(i);
      entries.add(
          new Profile.Entry(
              each.kernel().name(),
              each.operations(),
              runs,
              nanos[i] * 1e-9,
              each.kernel().flops() * runs,
              each.kernel().bytes() * runs));
    }
    return new Profile(runs, seconds, entries);
  }
}
