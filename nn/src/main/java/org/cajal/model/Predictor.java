package org.cajal.model;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.cajal.tensor.BoundProgram;
import org.cajal.tensor.Feed;
import org.cajal.tensor.FreeList;
import org.cajal.tensor.Program;
import org.cajal.tensor.Tensor;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.NDArray;

/**
 * A network compiled for a fixed number of examples, from array to array: the fast way to many
 * answers. Any number of threads may ask at once; none waits for another, and an answer allocates
 * nothing once each thread has had one.
 *
 * <pre>{@code
 * Predictor predictor = model.predictor(1);
 * float[] answer = new float[predictor.outputSize()];
 * predictor.predict(row, answer);
 * }</pre>
 */
public final class Predictor {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final int rows;
  private final int inputSize;
  private final int outputSize;
  private final long inputBytes;
  private final long outputBytes;
  private final FreeList<Desk> desks;

  /** A program with its memory. */
  private record Desk(BoundProgram program, NDArray inputs, NDArray answers) {}

  /**
   * A predictor over a program whose only input is {@code x}.
   *
   * @param x of shape [rows, ...]
   * @param answers of shape [rows, ...]
   */
  Predictor(Tensor x, Tensor answers, Program program) {
    rows = x.shape().dim(0);
    inputSize = Math.toIntExact(x.shape().size());
    outputSize = Math.toIntExact(answers.shape().size());
    inputBytes = x.dtype().bytes() * x.shape().sub(1, x.shape().rank()).size();
    outputBytes = answers.dtype().bytes() * answers.shape().sub(1, answers.shape().rank()).size();
    desks =
        new FreeList<>(
            () -> {
              NDArray inputs = NDArray.zeros(x.dtype(), x.shape());
              BoundProgram bound = program.bind(Feed.of("x", inputs));
              return new Desk(bound, inputs, bound.output(answers));
            });
  }

  /** The number of examples of a call. */
  public int rows() {
    return rows;
  }

  /** The number of values of all examples of a call. */
  public int inputSize() {
    return inputSize;
  }

  /** The number of values of all answers of a call. */
  public int outputSize() {
    return outputSize;
  }

  /**
   * Answers.
   *
   * @param examples {@link #inputSize} values in the form that the network takes, row-major
   * @param answers gets {@link #outputSize} probabilities or numbers, as the loss defines them
   * @throws CajalException if an array has another length
   */
  public void predict(float[] examples, float[] answers) {
    if (examples.length != inputSize || answers.length != outputSize) {
      throw new CajalException(
          "[predict] the arrays have "
              + examples.length
              + " and "
              + answers.length
              + " values; for "
              + rows
              + (rows == 1 ? " example" : " examples")
              + " the model takes "
              + inputSize
              + " and gives "
              + outputSize);
    }
    Desk desk = desks.take();
    NDArray in = desk.inputs;
    if (in.dtype() == DType.F32) {
      MemorySegment.copy(examples, 0, in.memory(), FLOAT, 0, inputSize);
    } else {
      for (int i = 0; i < inputSize; i++) {
        in.set(i, examples[i]);
      }
    }
    desk.program.run();
    NDArray out = desk.answers;
    if (out.dtype() == DType.F32) {
      MemorySegment.copy(out.memory(), FLOAT, 0, answers, 0, outputSize);
    } else {
      for (int i = 0; i < outputSize; i++) {
        answers[i] = (float) out.get(i);
      }
    }
    desks.give(desk);
  }

  /**
   * Answers some rows of an array, at most {@link #rows}; the rest of the batch is zeros.
   *
   * @param examples [N, ...] of the input's type
   * @param answers [N, ...] gets the answers at the same rows
   */
  void predict(NDArray examples, int from, int count, NDArray answers) {
    Desk desk = desks.take();
    MemorySegment in = desk.inputs.memory();
    MemorySegment.copy(examples.memory(), from * inputBytes, in, 0, count * inputBytes);
    in.asSlice(count * inputBytes).fill((byte) 0);
    desk.program.run();
    MemorySegment.copy(
        desk.answers.memory(), 0, answers.memory(), from * outputBytes, count * outputBytes);
    desks.give(desk);
  }
}
