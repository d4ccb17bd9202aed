package org.cajal.optim;

import java.util.List;
import org.cajal.tensor.Tensor;
import org.cajal.tensor.Update;

/**
 * Steps scaled by a running root mean square of the gradient: s ← α·s + (1 − α)·g², d = g / (√s +
 * ε), p ← p − η·d (T. Tieleman, G. Hinton: "Lecture 6.5: RMSProp", 2012). Centred, a ← α·a + (1 −
 * α)·g and s − a² stands for s (A. Graves, 2013). With momentum, b ← μ·b + d and p ← p − η·b.
 *
 * @param alpha α from 0 to less than 1
 * @param momentum μ from 0 to less than 1
 * @param centered whether to divide by the standard deviation rather than the root mean square
 * @param epsilon ε
 * @param weightDecay λ, which adds λ·p to the gradient; 0 for none
 */
public record RmsProp(
    double alpha, double momentum, boolean centered, double epsilon, double weightDecay)
    implements Optimizer {
  /**
   * Checks the setting.
   *
   * @throws org.cajal.type.CajalException if a number is out of range
   */
  public RmsProp {
    Rule.inUnit("rmsprop", "alpha", alpha);
    Rule.inUnit("rmsprop", "momentum", momentum);
    Rule.notNegative("rmsprop", "epsilon", epsilon);
    Rule.notNegative("rmsprop", "weight decay", weightDecay);
  }

  /** The usual settings: α 0.99, ε 1e-8. */
  public RmsProp() {
    this(0.99, 0, false, 1e-8, 0);
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
          Tensor slot = slots.of("square", p, 0);
          Tensor square = Rule.set(out, slot, Rule.average(alpha, slot, g.square()));
          if (centered) {
            Tensor mean = slots.of("mean", p, 0);
            square = square.minus(Rule.set(out, mean, Rule.average(alpha, mean, g)).square());
          }
          Tensor d = g.dividedBy(square.sqrt().plus(epsilon));
          if (momentum != 0) {
            Tensor buffer = slots.of("momentum", p, 0);
            d = Rule.set(out, buffer, buffer.times(momentum).plus(d));
          }
          Rule.set(out, p, p.minus(d.times(rate)));
        });
  }

  @Override
  public double defaultLearningRate() {
    return 0.001;
  }
}
