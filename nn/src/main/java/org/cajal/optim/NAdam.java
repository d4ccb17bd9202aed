package org.cajal.optim;

import java.util.List;
import org.cajal.tensor.Tensor;
import org.cajal.tensor.Update;
import org.cajal.type.DType;

/**
 * Adam with Nesterov's momentum: μ_t = β₁·(1 − ½·0.96^(t·ψ)), M_t = μ_1·…·μ_t, and p ← p − η·((1 −
 * μ_t)/(1 − M_t)·g + μ_{t+1}/(1 − M_{t+1})·m) / (√(v / (1 − β₂ᵗ)) + ε) with Adam's m and v (T.
 * Dozat: "Incorporating Nesterov momentum into Adam", ICLR workshop 2016). M_t is kept in single
 * precision, as in PyTorch.
 *
 * @param beta1 β₁ from 0 to less than 1
 * @param beta2 β₂ from 0 to less than 1
 * @param epsilon ε
 * @param momentumDecay ψ
 * @param weightDecay λ, which adds λ·p to the gradient; 0 for none
 */
public record NAdam(
    double beta1, double beta2, double epsilon, double momentumDecay, double weightDecay)
    implements Optimizer {
  /**
   * Checks the setting.
   *
   * @throws org.cajal.type.CajalException if a number is out of range
   */
  public NAdam {
    Rule.inUnit("nadam", "beta1", beta1);
    Rule.inUnit("nadam", "beta2", beta2);
    Rule.notNegative("nadam", "epsilon", epsilon);
    Rule.notNegative("nadam", "momentum decay", momentumDecay);
    Rule.notNegative("nadam", "weight decay", weightDecay);
  }

  /** The usual settings: β₁ 0.9, β₂ 0.999, ε 1e-8, ψ 0.004. */
  public NAdam() {
    this(0.9, 0.999, 1e-8, 0.004, 0);
  }

  @Override
  public List<Update> updates(
      List<Tensor> parameters,
      List<Tensor> gradients,
      Tensor learningRate,
      Tensor step,
      Slots slots) {
    Tensor t = Rule.exact(step);
    Tensor now = momentum(t);
    Tensor next = momentum(t.plus(1));
    Tensor root = Rule.correction(beta2, t).sqrt();
    return Rule.each(
        this,
        parameters,
        gradients,
        learningRate,
        (p, gradient, rate, out) -> {
          Tensor g = Rule.penalised(gradient, p, weightDecay);
          Tensor firstSlot = slots.of("first", p, 0);
          Tensor secondSlot = slots.of("second", p, 0);
          Tensor productSlot = slots.scalar("product", p, DType.F32, 1);
          Tensor first = Rule.set(out, firstSlot, Rule.average(beta1, firstSlot, g));
          Tensor second = Rule.set(out, secondSlot, Rule.average(beta2, secondSlot, g.square()));
          Tensor product =
              Rule.exact(Rule.set(out, productSlot, productSlot.times(now.cast(DType.F32))));
          Tensor one = Rule.one(now);
          Tensor ofGradient = one.minus(now).dividedBy(one.minus(product)).cast(p.dtype());
          Tensor ofFirst = next.dividedBy(one.minus(product.times(next))).cast(p.dtype());
          Tensor d =
              g.times(ofGradient)
                  .plus(first.times(ofFirst))
                  .dividedBy(second.sqrt().dividedBy(root.cast(p.dtype())).plus(epsilon));
          Rule.set(out, p, p.minus(d.times(rate)));
        });
  }

  private Tensor momentum(Tensor t) {
    return Rule.powerOf(0.96, t.times(momentumDecay)).times(-0.5).plus(1).times(beta1);
  }

  @Override
  public double defaultLearningRate() {
    return 0.002;
  }
}
