package org.cajal.optim;

import java.util.List;
import org.cajal.tensor.Tensor;
import org.cajal.tensor.Update;

/**
 * Steps that shrink where gradients have been large: s ← s + g², p ← p − η·g / (√s + ε) (J. Duchi,
 * E. Hazan, Y. Singer: "Adaptive subgradient methods for online learning and stochastic
 * optimization", JMLR 12, 2011).
 *
 * @param rateDecay d: the learning rate of step t is η / (1 + (t − 1)·d); 0 for none
 * @param initialAccumulator the first s
 * @param epsilon ε
 * @param weightDecay λ, which adds λ·p to the gradient; 0 for none
 */
public record Adagrad(
    double rateDecay, double initialAccumulator, double epsilon, double weightDecay)
    implements Optimizer {
  /**
   * Checks the setting.
   *
   * @throws org.cajal.type.CajalException if a number is out of range
   */
  public Adagrad {
    Rule.notNegative("adagrad", "rate decay", rateDecay);
    Rule.notNegative("adagrad", "initial accumulator", initialAccumulator);
    Rule.notNegative("adagrad", "epsilon", epsilon);
    Rule.notNegative("adagrad", "weight decay", weightDecay);
  }

  /** The usual settings: no decay, ε 1e-10. */
  public Adagrad() {
    this(0, 0, 1e-10, 0);
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
          Tensor g = Rule.penalised(gradient, p, weightDecay);
          Tensor slot = slots.of("sum", p, initialAccumulator);
          Tensor sum = Rule.set(out, slot, slot.plus(g.square()));
          Tensor slowed =
              rateDecay == 0
                  ? rate
                  : rate.dividedBy(step.cast(p.dtype()).minus(1).times(rateDecay).plus(1));
          Rule.set(out, p, p.minus(g.times(slowed).dividedBy(sum.sqrt().plus(epsilon))));
        });
  }

  @Override
  public double defaultLearningRate() {
    return 0.01;
  }
}
