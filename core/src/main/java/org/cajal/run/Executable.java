package org.cajal.run;

import java.util.ArrayList;
import java.util.List;
import org.cajal.op.Variable;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;

/**
 * Scheduled kernels over one planned slab: immutable code, shared by all threads. What one run in
 * flight needs is an {@link Execution}.
 */
public final class Executable {
  /** An input: its name, type and shape. */
  public record Slot(String name, DType dtype, Shape shape) {}

  /** An output: where it lies after a run. */
  public record Place(Operand at, DType dtype, Shape shape) {}

  /**
   * A kernel in its place of the order.
   *
   * @param operations the names of the operations that it does, one for each time it does one
   */
  public record Scheduled(Kernel kernel, List<String> operations) {
    /** Fixes the list. */
    public Scheduled {
      operations = List.copyOf(operations);
    }
  }

  /** A program that moves more memory than this is warmed before its first run. */
  private static final double LARGE_BYTES = 4 << 20;

  /** One that moves more than this at its second, all others when they prove to be used often. */
  private static final double MEDIUM_BYTES = 1 << 19;

  private static final int OFTEN = 20;
  private static final long PATIENCE_NANOS = 10_000_000_000L;

  private final List<Scheduled> schedule;
  private final Stage[] stages;
  private final long slabBytes;
  private final long aliveBytes;
  private final List<Slot> inputs;
  private final List<Variable> variables;
  private final List<NDArray> constants;
  private final List<Place> outputs;
  private final int warmAt;
  private int runs;

  /**
   * An executable of kernels in order.
   *
   * @param slabBytes the size of the slab
   * @param aliveBytes the greatest sum of its buffers that are needed at once
   */
  public Executable(
      List<Scheduled> schedule,
      long slabBytes,
      long aliveBytes,
      List<Slot> inputs,
      List<Variable> variables,
      List<NDArray> constants,
      List<Place> outputs) {
    this.schedule = List.copyOf(schedule);
    this.stages = Stage.of(schedule.stream().map(Scheduled::kernel).toList());
    this.slabBytes = slabBytes;
    this.aliveBytes = aliveBytes;
    this.inputs = List.copyOf(inputs);
    this.variables = List.copyOf(variables);
    this.constants = List.copyOf(constants);
    this.outputs = List.copyOf(outputs);
    double bytes = 0;
    for (Scheduled each : schedule) {
      bytes += each.kernel.bytes();
    }
    warmAt = bytes > LARGE_BYTES ? 1 : bytes > MEDIUM_BYTES ? 2 : OFTEN;
  }

  /** The kernels in order, each with what it does. */
  public List<Scheduled> schedule() {
    return schedule;
  }

  /** The size of the slab that a run needs, in bytes. */
  public long slabBytes() {
    return slabBytes;
  }

  /** The greatest sum of buffers in the slab that are needed at once, in bytes. */
  public long aliveBytes() {
    return aliveBytes;
  }

  /** What must be fed. */
  public List<Slot> inputs() {
    return inputs;
  }

  /** The stages of all kernels in order. Not to be changed. */
  Stage[] stages() {
    return stages;
  }

  /** The variables, whose memory a run reads and writes in place. */
  List<Variable> variables() {
    return variables;
  }

  /** What was known when the program was compiled. */
  List<NDArray> constants() {
    return constants;
  }

  /** What a run answers. */
  public List<Place> outputs() {
    return outputs;
  }

  /** To be called before each run: has cold kernels compiled where that pays. */
  void prepare() {
    // Counted without a lock: a count lost to a race only delays or repeats the warming.
    if (runs < warmAt && ++runs == warmAt) {
      warm();
    }
  }

  /**
   * Has the JVM compile the kernels on a few numbers, which takes far less time than on the real
   * ones.
   */
  private void warm() {
    List<Kernel> cold = new ArrayList<>(schedule.stream().map(Scheduled::kernel).toList());
    long begun = System.nanoTime();
    while (!cold.isEmpty() && System.nanoTime() - begun < PATIENCE_NANOS) {
      cold.removeIf(Kernel::warm);
    }
  }
}
