package org.cajal.layer;

import org.cajal.tensor.Tensor;

/**
 * The answer of several networks: the mean of theirs, [N, members, ...] → [N, ...]. As the last
 * layer, in training, it leaves the members' answers as they are, and training makes the loss of
 * each of them small rather than that of their mean, so that they stay different and err
 * differently (see {@link EnsembleDense}).
 *
 * @param together whether the members learn together, by the loss of their mean, in training too
 */
public record EnsembleMean(boolean together) implements Layer {
  @Override
  public Tensor apply(Tensor x, Scope scope) {
    scope.requireFloating(x);
    if (x.rank() < 2 || x.dim(1) < 1) {
      throw scope.error("needs [N, members, ...], found " + x.shape());
    }
    return scope.training() && !together ? x : x.mean(1);
  }
}
