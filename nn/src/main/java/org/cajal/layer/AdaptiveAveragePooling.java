package org.cajal.layer;

import java.util.List;
import org.cajal.tensor.Pooling;
import org.cajal.tensor.Tensor;

/**
 * The mean of windows that are chosen so that the result has given spatial sizes: window i of an
 * axis covers ⌊i·in/out⌋ to ⌈(i+1)·in/out⌉. x [N, C, spatial...] → [N, C, sizes...].
 *
 * @param sizes one for each spatial axis, or one for all
 */
public record AdaptiveAveragePooling(List<Integer> sizes) implements Layer {
  /**
   * Checks the setting.
   *
   * @throws org.cajal.type.CajalException if a size is below 1
   */
  public AdaptiveAveragePooling {
    sizes = List.copyOf(sizes);
    Checks.eachAtLeast("adaptive average pooling", "sizes", sizes, 1);
  }

  @Override
  public Tensor apply(Tensor x, Scope scope) {
    scope.requireFloating(x);
    int axes = Sliding.axes(scope, x, sizes);
    return Pooling.adaptiveAverage(x, Sliding.spread(scope, "sizes", sizes, axes));
  }
}
