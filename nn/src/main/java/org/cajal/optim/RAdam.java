package org.cajal.optim;

import java.util.List;
import org.cajal.tensor.Tensor;
import org.cajal.tensor.Update;

/**
 * Adam that trusts its second moment only when it has seen enough: with ρ∞ = 2/(1 − β₂) − 1 and ρ_t
 * = ρ∞ − 2t·β₂ᵗ/(1 − β₂ᵗ), steps with ρ_t ≤ 5 are p ← p − η·m̂, later ones p ← p − η·r·m̂·√(1 −
 * β₂ᵗ) / (√v + ε), where r² = (ρ_t − 4)(ρ_t − 2)ρ∞ / ((ρ∞ − 4)(ρ∞ − 2)ρ_t) (L. Liu et al.: "On the
 * variance of the adaptive learning rate and beyond", ICLR 2020).
 *
 * @param beta1 β₁ from 0 to less than 1
 * @param beta2 β₂ from 0 to less than 1
 * @param epsilon ε
 * @param weightDecay λ, which adds λ·p to the gradient; 0 for none
 */
public record RAdam(double beta1, double beta2, double epsilon, double weightDecay)
    implements Optimizer {
  /**
   * Checks the setting.
   *
   * @throws org.cajal.type.CajalException if a number is out of range
   */
  public RAdam {
    Rule.inUnit("radam", "beta1", beta1);
    Rule.inUnit("radam", "beta2", beta2);
    Rule.notNegative("radam", "epsilon", epsilon);
    Rule.notNegative("radam", "weight decay", weightDecay);
  }

  /** The usual settings: β₁ 0.9, β₂ 0.999, ε 1e-8. */
  public RAdam() {
    this(0.9, 0.999, 1e-8, 0);
  }

  @Override
  public List<Update> updates(
      List<Tensor> parameters,
      List<Tensor> gradients,
      Tensor learningRate,
      Tensor step,
      Slots slots) {
    Tensor t = Rule.exact(step);
    Tensor left = Rule.correction(beta2, t);
    double most = 2 / (1 - beta2) - 1;
    Tensor rho =
        Rule.one(t).times(most).minus(t.times(2).times(Rule.powerOf(beta2, t)).dividedBy(left));
    Tensor rectified = rho.greater(5);
    Tensor factor =
        rho.minus(4)
            .times(rho.minus(2))
            .times(most / ((most - 4) * (most - 2)))
            .dividedBy(rho)
            .times(left)
            .sqrt();
    Tensor correction = Rule.correction(beta1, t);
    return Rule.each(
        this,
        parameters,
        gradients,
        learningRate,
        (p, gradient, rate, out) -> {
          Tensor g = Rule.penalised(gradient, p, weightDecay);
          Tensor firstSlot = slots.of("first", p, 0);
          Tensor secondSlot = slots.of("second", p, 0);
          Tensor first = Rule.set(out, firstSlot, Rule.average(beta1, firstSlot, g));
          Tensor second = Rule.set(out, secondSlot, Rule.average(beta2, secondSlot, g.square()));
          Tensor scale = Rule.exact(rate).dividedBy(correction).cast(p.dtype());
          Tensor adaptive = factor.cast(p.dtype()).dividedBy(second.sqrt().plus(epsilon));
          Tensor d = first.times(scale).times(Tensor.where(rectified, adaptive, Rule.one(p)));
          Rule.set(out, p, p.minus(d));
        });
  }

  @Override
  public double defaultLearningRate() {
    return 0.001;
  }
}
