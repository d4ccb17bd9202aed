package org.cajal.layer;

import org.cajal.init.Fans;
import org.cajal.init.Initializer;
import org.cajal.tensor.Tensor;
import org.cajal.type.Shape;

/**
 * A fully connected layer of several networks side by side, none of which sees the others: x [N,
 * in], which all of them share, or x [N, members, in] → [N, members, units]. Parameters: "weight"
 * [members, in, units] and "bias" [members · units], which starts at 0. With {@link EnsembleMean}
 * as the last layer the members learn each by itself and answer together (B. Lakshminarayanan, A.
 * Pritzel, C. Blundell: "Simple and scalable predictive uncertainty estimation using deep
 * ensembles", NeurIPS 2017).
 *
 * @param members the number of networks, at least 1
 * @param units the number of neurons of each, at least 1
 * @param weights the start of the weights
 */
public record EnsembleDense(int members, int units, Initializer weights) implements Layer {
  /**
   * Checks the setting.
   *
   * @throws org.cajal.type.CajalException if there are no members or no units
   */
  public EnsembleDense {
    Checks.atLeast("ensemble dense", "members", members, 1);
    Checks.atLeast("ensemble dense", "units", units, 1);
  }

  @Override
  public Tensor apply(Tensor x, Scope scope) {
    scope.requireFloating(x);
    boolean shared = x.rank() == 2;
    boolean fits = shared || (x.rank() == 3 && x.dim(1) == members);
    if (!fits || x.dim(-1) < 1) {
      throw scope.error(
          "needs [N, features] or [N, " + members + ", features], found " + x.shape());
    }
    int in = x.dim(-1);
    Tensor weight =
        scope.parameter("weight", Shape.of(members, in, units), weights, Fans.dense(in, units));
    Tensor bias = scope.parameter("bias", Shape.of(members * units), Initializer.zeros());
    Tensor product =
        shared
            ? x.matmul(weight.transpose(1, 0, 2).reshape(Shape.of(in, members * units)))
            : x.transpose(1, 0, 2)
                .matmul(weight)
                .transpose(1, 0, 2)
                .reshape(Shape.of(x.dim(0), members * units));
    return product.plus(bias).reshape(Shape.of(x.dim(0), members, units));
  }
}
