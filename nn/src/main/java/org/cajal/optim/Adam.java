package org.cajal.optim;

import java.util.List;
import org.cajal.tensor.Tensor;
import org.cajal.tensor.Update;

/**
 * Steps by running means of gradient and squared gradient: m ← β₁·m + (1 − β₁)·g, v ← β₂·v + (1 −
 * β₂)·g², p ← p − η·m̂ / (√v̂ + ε) with m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ) (D. Kingma, J.
 * Ba: "Adam: a method for stochastic optimization", ICLR 2015). With AMSGrad the largest v so far
 * stands for v (S. Reddi, S. Kale, S. Kumar: "On the convergence of Adam and beyond", ICLR 2018).
 *
 * @param beta1 β₁ from 0 to less than 1
 * @param beta2 β₂ from 0 to less than 1
 * @param epsilon ε
 * @param weightDecay λ, which adds λ·p to the gradient; 0 for none; {@link AdamW} decouples it
 * @param amsgrad whether v never falls
 */
public record Adam(double beta1, double beta2, double epsilon, double weightDecay, boolean amsgrad)
    implements Optimizer {
  /**
   * Checks the setting.
   *
   * @throws org.cajal.type.CajalException if a number is out of range
   */
  public Adam {
    Rule.inUnit("adam", "beta1", beta1);
    Rule.inUnit("adam", "beta2", beta2);
    Rule.notNegative("adam", "epsilon", epsilon);
    Rule.notNegative("adam", "weight decay", weightDecay);
  }

  /** The usual settings: β₁ 0.9, β₂ 0.999, ε 1e-8, weight decay 0. */
  public Adam() {
    this(0.9, 0.999, 1e-8, 0, false);
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
          Tensor g = Rule.penalised(gradient, p, weightDecay);
          Rule.set(out, p, p.minus(adam.of(p, g, rate, out)));
        });
  }

  @Override
  public double defaultLearningRate() {
    return 0.001;
  }
}
