package org.cajal.optim;

import java.util.List;
import org.cajal.tensor.Tensor;
import org.cajal.tensor.Update;

/**
 * Steps in the parameters' own units: s ← ρ·s + (1 − ρ)·g², d = √(a + ε) / √(s + ε) · g, a ← ρ·a +
 * (1 − ρ)·d², p ← p − η·d (M. Zeiler: "ADADELTA: an adaptive learning rate method", 2012).
 *
 * @param rho ρ from 0 to less than 1
 * @param epsilon ε, larger than 0, or nothing would ever move
 * @param weightDecay λ, which adds λ·p to the gradient; 0 for none
 */
public record Adadelta(double rho, double epsilon, double weightDecay) implements Optimizer {
  /**
   * Checks the setting.
   *
   * @throws org.cajal.type.CajalException if a number is out of range
   */
  public Adadelta {
    Rule.inUnit("adadelta", "rho", rho);
    Rule.positive("adadelta", "epsilon", epsilon);
    Rule.notNegative("adadelta", "weight decay", weightDecay);
  }

  /** The usual settings: ρ 0.9, ε 1e-6. */
  public Adadelta() {
    this(0.9, 1e-6, 0);
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
          Tensor squareSlot = slots.of("square", p, 0);
          Tensor changeSlot = slots.of("change", p, 0);
          Tensor square = Rule.set(out, squareSlot, Rule.average(rho, squareSlot, g.square()));
          Tensor d =
              changeSlot.plus(epsilon).sqrt().dividedBy(square.plus(epsilon).sqrt()).times(g);
          Rule.set(out, changeSlot, Rule.average(rho, changeSlot, d.square()));
          Rule.set(out, p, p.minus(d.times(rate)));
        });
  }

  @Override
  public double defaultLearningRate() {
    return 1;
  }
}
