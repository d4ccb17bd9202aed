package org.cajal.layer;

import org.cajal.init.Fans;
import org.cajal.init.Initializer;
import org.cajal.tensor.Tensor;
import org.cajal.type.Shape;

/**
 * A form in two vectors: out[..., k] = Σ_ij a[..., i]·weight[k, i, j]·b[..., j] + bias[k]. As a
 * layer of one input both are that input: all products of two features. Parameters: "weight"
 * [units, in of a, in of b] and "bias" [units].
 *
 * @param units the number of outputs, at least 1
 * @param bias whether there is a bias
 * @param weights the start of the weights; fan-in is the number of products, fan-out the units
 */
public record Bilinear(int units, boolean bias, Initializer weights) implements Layer {
  /**
   * Checks the setting.
   *
   * @throws org.cajal.type.CajalException if there are no units
   */
  public Bilinear {
    Checks.atLeast("bilinear", "units", units, 1);
  }

  @Override
  public Tensor apply(Tensor x, Scope scope) {
    return apply(x, x, scope);
  }

  /**
   * The form of two inputs.
   *
   * @param a [batch..., in of a]
   * @param b [batch..., in of b]
   * @throws org.cajal.type.CajalException if their leading axes differ
   */
  public Tensor apply(Tensor a, Tensor b, Scope scope) {
    scope.requireFloating(a);
    scope.requireFloating(b);
    if (a.rank() < 1
        || a.rank() != b.rank()
        || !a.shape().with(-1, 1).equals(b.shape().with(-1, 1))) {
      throw scope.error(
          "needs [batch..., features] twice with the same leading axes, found "
              + a.shape()
              + " and "
              + b.shape());
    }
    int m = a.dim(-1);
    int n = b.dim(-1);
    Tensor weight =
        scope.parameter(
            "weight", Shape.of(units, m, n), weights, new Fans(Math.max(1, (long) m * n), units));
    Tensor matrix = weight.transpose(1, 0, 2).reshape(Shape.of(m, units * n));
    Shape batch = a.shape().sub(0, a.rank() - 1);
    Tensor left = a.matmul(matrix).reshape(batch.concat(Shape.of(units, n)));
    Tensor y = left.times(b.expandDims(-2)).sum(-1);
    return bias ? y.plus(scope.parameter("bias", Shape.of(units), Initializer.zeros())) : y;
  }
}
