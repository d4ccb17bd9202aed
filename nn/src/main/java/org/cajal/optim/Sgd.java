package org.cajal.optim;

import java.util.List;
import org.cajal.tensor.Tensor;
import org.cajal.tensor.Update;
import org.cajal.type.CajalException;

/**
 * Gradient descent, on the full batch or on mini-batches: p ← p − η·d with d = g, or with momentum
 * b ← μ·b + (1 − dampening)·g (the first b is g itself) and d = b, or in Nesterov's form d = g +
 * μ·b (Y. Nesterov, 1983; I. Sutskever et al.: "On the importance of initialization and momentum in
 * deep learning", ICML 2013). Weight decay λ adds λ·p to g.
 *
 * @param momentum μ from 0 to less than 1
 * @param dampening from 0 to less than 1; 0 with Nesterov
 * @param nesterov whether to look ahead; needs momentum
 * @param weightDecay λ, 0 for none
 */
public record Sgd(double momentum, double dampening, boolean nesterov, double weightDecay)
    implements Optimizer {
  /**
   * Checks the setting.
   *
   * @throws CajalException if a number is out of range, or Nesterov's form lacks momentum or has
   *     dampening
   */
  public Sgd {
    Rule.inUnit("sgd", "momentum", momentum);
    Rule.inUnit("sgd", "dampening", dampening);
    Rule.notNegative("sgd", "weight decay", weightDecay);
    if (nesterov && (momentum == 0 || dampening != 0)) {
      throw new CajalException(
          "[sgd] Nesterov's form has momentum "
              + momentum
              + " and dampening "
              + dampening
              + "; it needs momentum larger than 0 and dampening 0");
    }
  }

  /** Plain gradient descent. */
  public Sgd() {
    this(0);
  }

  /** With classical momentum. */
  public Sgd(double momentum) {
    this(momentum, 0, false, 0);
  }

  /** With Nesterov's momentum. */
  public static Sgd nesterov(double momentum) {
    return new Sgd(momentum, 0, true, 0);
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
          Tensor d = momentum == 0 ? g : direction(p, g, step, slots, out);
          Rule.set(out, p, p.minus(d.times(rate)));
        });
  }

  private Tensor direction(Tensor p, Tensor g, Tensor step, Slots slots, List<Update> out) {
    Tensor slot = slots.of("momentum", p, 0);
    Tensor b = slot.times(momentum).plus(g.times(1 - dampening));
    b = Rule.set(out, slot, dampening == 0 ? b : Tensor.where(step.equalTo(1), g, b));
    return nesterov ? g.plus(b.times(momentum)) : b;
  }

  @Override
  public double defaultLearningRate() {
    return 0.01;
  }
}
