package org.cajal.loss;

import java.util.ArrayList;
import java.util.List;
import org.cajal.tensor.Tensor;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.jspecify.annotations.Nullable;

/**
 * The losses of several targets, added up: the network's outputs [N, Σ outputs] are divided among
 * them in order, and each has one column of the targets [N, targets]. Predictions are each loss's
 * own, side by side.
 *
 * @param parts one a target
 */
public record MultiOutput(List<Part> parts) implements Loss {
  /**
   * The loss of one target.
   *
   * @param loss of its outputs
   * @param outputs how many outputs of the network are its own
   * @param classes whether its targets are class indices; numbers otherwise
   * @param weight how much it counts in the sum, above 0
   */
  public record Part(Loss loss, int outputs, boolean classes, double weight) {
    /**
     * Checks the settings.
     *
     * @throws CajalException if one is out of range
     */
    public Part {
      if (outputs < 1) {
        throw new CajalException(
            "[multi output] a target with " + outputs + " outputs; at least 1 is needed");
      }
      Reductions.positive("multi output", "the weight of a target", weight);
    }
  }

  /**
   * Fixes the list.
   *
   * @throws CajalException if it is empty
   */
  public MultiOutput {
    parts = List.copyOf(parts);
    if (parts.isEmpty()) {
      throw new CajalException("[multi output] there is no target; at least 1 is needed");
    }
  }

  @Override
  public Tensor apply(Tensor output, Tensor target, @Nullable Tensor sampleWeights) {
    requireColumns("output", output, parts.stream().mapToInt(Part::outputs).sum());
    requireColumns("target", target, parts.size());
    List<Tensor> answers = divided(output);
    Tensor sum = Tensor.scalar(output.dtype(), 0);
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      Tensor column = target.slice(1, i, i + 1);
      Tensor wanted =
          part.classes ? column.reshape(target.shape().sub(0, 1)).cast(DType.I32) : column;
      sum = sum.plus(part.loss.apply(answers.get(i), wanted, sampleWeights).times(part.weight));
    }
    return sum;
  }

  @Override
  public Tensor predictions(Tensor output) {
    List<Tensor> answers = divided(output);
    List<Tensor> out = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      out.add(parts.get(i).loss.predictions(answers.get(i)));
    }
    return Tensor.concatenate(1, out);
  }

  /** The outputs of each target, [N, its outputs]. */
  private List<Tensor> divided(Tensor output) {
    List<Tensor> out = new ArrayList<>();
    int from = 0;
    for (Part part : parts) {
      out.add(output.slice(1, from, from + part.outputs));
      from += part.outputs;
    }
    return out;
  }

  private static void requireColumns(String what, Tensor x, int columns) {
    if (x.rank() != 2 || x.dim(1) != columns) {
      throw CajalException.at(
          "multi output", "the " + what + " is " + x.shape() + "; [N, " + columns + "] is needed");
    }
  }
}
