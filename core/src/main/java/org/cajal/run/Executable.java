package org.cajal.run;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Function;
import org.cajal.op.Variable;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Scheduled kernels over one planned slab: immutable code, shared by all threads. A run borrows a
 * workspace, the slab of one run in flight, so that any number of threads run at once without a
 * lock.
 *
 * <p>The table of a run: the slab, then the fed arrays, the variables, the constants.
 */
public final class Executable {
  /** An input: its name, type and shape. */
  public record Slot(String name, DType dtype, Shape shape) {}

  /** An output: where it lies after a run. */
  public record Place(Operand at, DType dtype, Shape shape) {}

  /** A program that moves more memory than this is warmed before its first run. */
  private static final double LARGE_BYTES = 4 << 20;

  /** One that moves more than this at its second, all others when they prove to be used often. */
  private static final double MEDIUM_BYTES = 1 << 19;

  private static final int OFTEN = 20;
  private static final long PATIENCE_NANOS = 10_000_000_000L;

  private final Kernel[] kernels;
  private final long slabBytes;
  private final List<Slot> inputs;
  private final List<Variable> variables;
  private final List<NDArray> constants;
  private final List<Place> outputs;
  private final int warmAt;
  private int runs;
  private final ConcurrentLinkedDeque<MemorySegment[]> workspaces = new ConcurrentLinkedDeque<>();

  /** An executable of kernels in order. */
  public Executable(
      List<Kernel> kernels,
      long slabBytes,
      List<Slot> inputs,
      List<Variable> variables,
      List<NDArray> constants,
      List<Place> outputs) {
    this.kernels = kernels.toArray(new Kernel[0]);
    this.slabBytes = slabBytes;
    this.inputs = List.copyOf(inputs);
    this.variables = List.copyOf(variables);
    this.constants = List.copyOf(constants);
    this.outputs = List.copyOf(outputs);
    double bytes = 0;
    for (Kernel kernel : this.kernels) {
      bytes += kernel.bytes();
    }
    warmAt = bytes > LARGE_BYTES ? 1 : bytes > MEDIUM_BYTES ? 2 : OFTEN;
  }

  /** The kernels in order. */
  public List<Kernel> kernels() {
    return List.of(kernels);
  }

  /** The size of the slab that a run needs, in bytes. */
  public long slabBytes() {
    return slabBytes;
  }

  /** What must be fed. */
  public List<Slot> inputs() {
    return inputs;
  }

  private MemorySegment[] table() {
    MemorySegment[] table = workspaces.poll();
    if (table != null) {
      return table;
    }
    table = new MemorySegment[1 + inputs.size() + variables.size() + constants.size()];
    table[0] = NDArray.allocate(slabBytes);
    int at = 1 + inputs.size();
    for (Variable variable : variables) {
      table[at++] = variable.value().memory();
    }
    for (NDArray constant : constants) {
      table[at++] = constant.memory();
    }
    return table;
  }

  /**
   * Runs once.
   *
   * @param feed the value of each input
   * @return the outputs, in memory of their own
   * @throws CajalException if an input is missing or has another type or shape
   */
  public List<NDArray> run(Function<String, @Nullable NDArray> feed) {
    // Counted without a lock: a count lost to a race only delays or repeats the warming.
    if (runs < warmAt && ++runs == warmAt) {
      warm();
    }
    MemorySegment[] table = table();
    for (int i = 0; i < inputs.size(); i++) {
      table[1 + i] = fed(inputs.get(i), feed).memory();
    }
    Team.shared().run(kernels, table);
    NDArray[] values = new NDArray[outputs.size()];
    for (int i = 0; i < values.length; i++) {
      Place place = outputs.get(i);
      NDArray value = NDArray.zeros(place.dtype, place.shape);
      MemorySegment.copy(
          table[place.at.buffer()],
          place.at.offset(),
          value.memory(),
          0,
          value.memory().byteSize());
      values[i] = value;
    }
    for (int i = 0; i < inputs.size(); i++) {
      table[1 + i] = MemorySegment.NULL;
    }
    workspaces.push(table);
    return List.of(values);
  }

  /**
   * Has the JVM compile the kernels on a few numbers, which takes far less time than on the real
   * ones.
   */
  private void warm() {
    List<Kernel> cold = new ArrayList<>(List.of(kernels));
    long begun = System.nanoTime();
    while (!cold.isEmpty() && System.nanoTime() - begun < PATIENCE_NANOS) {
      cold.removeIf(Kernel::warm);
    }
  }

  /**
   * The value fed for an input.
   *
   * @throws CajalException if it is missing or has another type or shape
   */
  public static NDArray fed(Slot slot, Function<String, @Nullable NDArray> feed) {
    NDArray value = feed.apply(slot.name);
    String needed = slot.dtype + " " + slot.shape;
    if (value == null) {
      throw new CajalException("[run] input \"" + slot.name + "\" is missing; feed " + needed);
    }
    if (value.dtype() != slot.dtype || !value.shape().equals(slot.shape)) {
      throw new CajalException(
          "[run] input \""
              + slot.name
              + "\" was fed "
              + value.dtype()
              + " "
              + value.shape()
              + "; the program needs "
              + needed);
    }
    return value;
  }
}
