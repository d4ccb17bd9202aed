package org.cajal.optim;

import java.util.List;
import org.cajal.tensor.Tensor;
import org.cajal.tensor.Update;

/**
 * Steps of one size in each coordinate: d = sign(β₁·m + (1 − β₁)·g), m ← β₂·m + (1 − β₂)·g, p ←
 * p·(1 − η·λ) − η·d (X. Chen et al.: "Symbolic discovery of optimization algorithms", NeurIPS
 * 2023). Learning rates are three to ten times smaller than Adam's.
 *
 * @param beta1 β₁ from 0 to less than 1
 * @param beta2 β₂ from 0 to less than 1
 * @param weightDecay λ, decoupled from the gradient; 0 for none
 */
public record Lion(double beta1, double beta2, double weightDecay) implements Optimizer {
  /**
   * Checks the setting.
   *
   * @throws org.cajal.type.CajalException if a number is out of range
   */
  public Lion {
    Rule.inUnit("lion", "beta1", beta1);
    Rule.inUnit("lion", "beta2", beta2);
    Rule.notNegative("lion", "weight decay", weightDecay);
  }

  /** The paper's settings: β₁ 0.9, β₂ 0.99. */
  public Lion() {
    this(0.9, 0.99, 0);
  }

  @Override
  public List<Update> updates(
      List<Tensor> parameters,
      List<Tensor> gradients,
      Tensor learningRate,
      Tensor step,
      Slots slots) {
    return Rule.each(
        this,
        parameters,
        gradients,
        learningRate,
        (p, gradient, rate, out) -> {
          Tensor slot = slots.of("momentum", p, 0);
          Tensor d = Rule.average(beta1, slot, gradient).sign();
          Rule.set(out, slot, Rule.average(beta2, slot, gradient));
          Rule.set(out, p, Rule.decayed(p, rate, weightDecay).minus(d.times(rate)));
        });
  }

  @Override
  public double defaultLearningRate() {
    return 0.0001;
  }
}
