package org.cajal.tensor;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cajal.compile.Compiler;
import org.cajal.op.Node;
import org.cajal.op.Variable;
import org.cajal.run.Executable;
import org.cajal.run.Execution;
import org.cajal.type.CajalException;

/**
 * A graph compiled once for given shapes: outputs to read and variables to update. Immutable; any
 * number of threads may run it at once without waiting for each other (updates of shared variables
 * then race, as they would anywhere).
 *
 * <pre>{@code
 * Program step = Program.compile(List.of(loss), List.of(new Update(w.variable(), w.minus(dw.times(0.1)))));
 * double value = step.run(Feed.of("x", batch).and("labels", classes)).scalar(loss);
 * }</pre>
 */
public final class Program {
  private final List<Tensor> outputs;
  private final Executable executable;
  private final FreeList<Execution> idle;

  private Program(List<Tensor> outputs, Executable executable) {
    this.outputs = outputs;
    this.executable = executable;
    this.idle = new FreeList<>(() -> new Execution(executable));
  }

  /**
   * Compiles.
   *
   * @param outputs what a run answers
   * @param updates what variables become; all of them see the values from before the run
   * @throws CajalException if a variable is updated twice, or a run would need more memory than the
   *     JVM may use
   */
  public static Program compile(List<Tensor> outputs, List<Update> updates) {
    Map<Variable, Node> changes = new LinkedHashMap<>();
    for (Update update : updates) {
      if (changes.put(update.variable(), update.value().node()) != null) {
        throw CajalException.at("program", update.variable().name() + " is updated twice");
      }
    }
    return new Program(
        List.copyOf(outputs),
        Compiler.compile(outputs.stream().map(Tensor::node).toList(), changes));
  }

  /**
   * Runs once.
   *
   * @throws CajalException if an input is missing or has another type or shape, or an index is out
   *     of range
   */
  public Results run(Feed feed) {
    Execution execution = idle.take();
    execution.feed(feed::get);
    execution.run();
    Results results = new Results(outputs, execution.outputs());
    execution.release();
    idle.give(execution);
    return results;
  }

  /**
   * The program with memory of its own, for running it many times without allocating.
   *
   * @param feed the arrays that each run reads
   * @throws CajalException if an input is missing or has another type or shape
   */
  public BoundProgram bind(Feed feed) {
    return new BoundProgram(outputs, executable, feed);
  }

  /**
   * Runs as often as asked for with a watch on each kernel. Variables are updated by each run; the
   * first ones of a process are slow, since the JVM still compiles.
   *
   * @param runs at least 1
   * @throws CajalException as {@link #run}
   */
  public Profile profile(Feed feed, int runs) {
    return bind(feed).profile(runs);
  }

  /** The size of the memory that one run in flight needs beside inputs and variables, in bytes. */
  public long memoryBytes() {
    return executable.slabBytes();
  }

  /**
   * The greatest sum of intermediate values that are needed at once, in bytes: what {@link
   * #memoryBytes} cannot fall below.
   */
  public long aliveBytes() {
    return executable.aliveBytes();
  }

  /** What a run does, one line for each kernel in order: its name and its operations. */
  public List<String> kernels() {
    return executable.schedule().stream()
        .map(each -> each.kernel().name() + ": " + String.join(" ", each.operations()))
        .toList();
  }
}
