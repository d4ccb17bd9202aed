package org.cajal.layer;

import java.util.List;
import org.cajal.tensor.Tensor;

/**
 * Layers one after the other; each is named by its position: {@code 0}, {@code 1}, ...
 *
 * @param layers in order; none at all is the identity
 */
public record Sequential(List<Layer> layers) implements Layer {
  /** Fixes the list. */
  public Sequential {
    layers = List.copyOf(layers);
  }

  @Override
  public Tensor apply(Tensor x, Scope scope) {
    Tensor y = x;
    for (int i = 0; i < layers.size(); i++) {
      y = scope.apply(Integer.toString(i), layers.get(i), y);
    }
    return y;
  }
}
