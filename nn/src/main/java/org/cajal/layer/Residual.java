package org.cajal.layer;

import org.cajal.tensor.Tensor;

/**
 * The sum of a layer's output and a shortcut past it: f(x) + g(x) (K. He, X. Zhang, S. Ren, J. Sun:
 * "Deep residual learning for image recognition", CVPR 2016). Paths: {@code inner} and {@code
 * shortcut}.
 *
 * @param inner f, often a {@link Sequential}
 * @param shortcut g, {@link Linear} for the identity; a 1×1 convolution or a dense layer where f
 *     changes the shape
 */
public record Residual(Layer inner, Layer shortcut) implements Layer {
  @Override
  public Tensor apply(Tensor x, Scope scope) {
    Tensor change = scope.apply("inner", inner, x);
    Tensor base = scope.apply("shortcut", shortcut, x);
    if (!change.shape().equals(base.shape())) {
      throw scope.error(
          "the inner layers give "
              + change.shape()
              + ", the shortcut "
              + base.shape()
              + ", which cannot be added; instead of "
              + "residual(inner) write new Residual(inner, shortcut) with a shortcut to "
              + change.shape()
              + ", for example convolution("
              + (change.rank() < 2 ? "..." : change.dim(1))
              + ", 1)");
    }
    return change.plus(base);
  }
}
