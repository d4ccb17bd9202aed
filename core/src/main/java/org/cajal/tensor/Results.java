package org.cajal.tensor;

import java.util.List;
import org.cajal.type.CajalException;
import org.cajal.type.NDArray;

/** The outputs of one run, by the tensor that was asked for. */
public final class Results {
  private final List<Tensor> outputs;
  private final List<NDArray> values;

  Results(List<Tensor> outputs, List<NDArray> values) {
    this.outputs = outputs;
    this.values = values;
  }

  /**
   * The numbers of an output.
   *
   * @throws CajalException if the program does not have it
   */
  public NDArray get(Tensor output) {
    return values.get(position(outputs, output));
  }

  /**
   * The position of an output among all.
   *
   * @throws CajalException if it is not one of them
   */
  static int position(List<Tensor> outputs, Tensor output) {
    int i = outputs.indexOf(output);
    if (i < 0) {
      throw new CajalException(
          "[results] the program has no output " + output + "; it has " + outputs);
    }
    return i;
  }

  /** The numbers of the output at a position. */
  public NDArray get(int index) {
    return values.get(index);
  }

  /** The only number of an output of one element. */
  public double scalar(Tensor output) {
    return get(output).scalar();
  }
}
