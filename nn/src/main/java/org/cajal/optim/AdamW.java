package org.cajal.optim;

import java.util.List;
import org.cajal.tensor.Tensor;
import org.cajal.tensor.Update;

/**
 * {@link Adam} with decoupled weight decay: p ← p·(1 − η·λ) before the step (I. Loshchilov, F.
 * Hutter: "Decoupled weight decay regularization", ICLR 2019).
 *
 * @param beta1 β₁ from 0 to less than 1
 * @param beta2 β₂ from 0 to less than 1
 * @param epsilon ε
 * @param weightDecay λ
 * @param amsgrad whether v never falls
 */
public record AdamW(double beta1, double beta2, double epsilon, double weightDecay, boolean amsgrad)
    implements Optimizer {
  /**
   * Checks the setting.
   *
   * @throws org.cajal.type.CajalException if a number is out of range
   */
  public AdamW {
    Rule.inUnit("adamw", "beta1", beta1);
    Rule.inUnit("adamw", "beta2", beta2);
    Rule.notNegative("adamw", "epsilon", epsilon);
    Rule.notNegative("adamw", "weight decay", weightDecay);
  }

  /** The usual settings: β₁ 0.9, β₂ 0.999, ε 1e-8, weight decay 0.01. */
  public AdamW() {
    this(0.9, 0.999, 1e-8, 0.01, false);
  }

  /** The usual settings with another weight decay. */
  public AdamW(double weightDecay) {
    this(0.9, 0.999, 1e-8, weightDecay, false);
  }

  @Override
  public List<Update> updates(
      List<Tensor> parameters,
      List<Tensor> gradients,
      Tensor learningRate,
      Tensor step,
      Slots slots) {
    AdamStep adam = AdamStep.of(beta1, beta2, epsilon, amsgrad, step, slots);
    return Rule.each(
        this,
        parameters,
        gradients,
        learningRate,
        (p, gradient, rate, out) -> {
          Tensor shrunk = Rule.decayed(p, rate, weightDecay);
          Rule.set(out, p, shrunk.minus(adam.of(p, gradient, rate, out)));
        });
  }

  @Override
  public double defaultLearningRate() {
    return 0.001;
  }
}
