package org.cajal.layer;

import java.util.List;
import org.cajal.op.Window;
import org.cajal.tensor.Pooling;
import org.cajal.tensor.Tensor;
import org.cajal.type.Shape;

/**
 * Divides each number by (k + α/size · Σ x²)^β, the sum over {@code size} neighbouring channels:
 * for channel c those from c − ⌊size/2⌋ to c + ⌊(size − 1)/2⌋ (A. Krizhevsky, I. Sutskever, G.
 * Hinton: "ImageNet classification with deep convolutional neural networks", NIPS 2012). x [N, C,
 * ...].
 *
 * @param size the number of channels, at least 1
 * @param alpha α
 * @param beta β
 * @param k k, larger than 0
 */
public record LocalResponseNormalization(int size, double alpha, double beta, double k)
    implements Layer {
  /**
   * Checks the setting.
   *
   * @throws org.cajal.type.CajalException if a number is out of range
   */
  public LocalResponseNormalization {
    Checks.atLeast("local response normalization", "size", size, 1);
    Checks.finite("local response normalization", "alpha", alpha);
    Checks.finite("local response normalization", "beta", beta);
    Checks.positive("local response normalization", "k", k);
  }

  @Override
  public Tensor apply(Tensor x, Scope scope) {
    PerChannel.requireChannels(scope, x);
    int rest = Math.toIntExact(x.shape().sub(2, x.rank()).size());
    Tensor squares = x.square().reshape(Shape.of(x.dim(0), 1, x.dim(1), rest));
    // Beyond the other channels there is nothing to sum.
    int below = Math.min(size / 2, x.dim(1));
    int above = Math.min((size - 1) / 2, x.dim(1));
    int reach = below + 1 + above;
    Window neighbours =
        new Window(
            List.of(reach, 1), List.of(1, 1), List.of(below, 0), List.of(above, 0), List.of(1, 1));
    Tensor mean = Pooling.average(squares, neighbours, false, true).reshape(x.shape());
    double scale = reach == size ? alpha : alpha * reach / size;
    return x.times(mean.times(scale).plus(k).power(-beta));
  }
}
