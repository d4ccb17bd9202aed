package org.cajal.optim;

import java.util.List;
import org.cajal.tensor.Tensor;

/** Gradients as they are. */
public record NoClipping() implements Clipping {
  @Override
  public List<Tensor> apply(List<Tensor> gradients) {
    return gradients;
  }
}
