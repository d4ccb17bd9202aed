package org.cajal.optim;

import java.util.List;
import org.cajal.tensor.Tensor;
import org.cajal.tensor.Update;

/**
 * Steps by the gradient's sign alone, each coordinate with a step size of its own: it grows by η⁺
 * while the sign stays and shrinks by η⁻ when it changes; after a change the coordinate rests for
 * one step. The first step size is the learning rate. For full batches (M. Riedmiller, H. Braun: "A
 * direct adaptive method for faster backpropagation learning", 1993; without taking steps back).
 *
 * @param shrink η⁻ between 0 and 1
 * @param grow η⁺ larger than 1
 * @param smallest the smallest step size
 * @param largest the largest step size
 */
public record Rprop(double shrink, double grow, double smallest, double largest)
    implements Optimizer {
  /**
   * Checks the setting.
   *
   * @throws org.cajal.type.CajalException if a number is out of range
   */
  public Rprop {
    Rule.positive("rprop", "shrink", shrink);
    Rule.inUnit("rprop", "shrink", shrink);
    Rule.positive("rprop", "grow", grow);
    Rule.notNegative("rprop", "smallest step", smallest);
    Rule.positive("rprop", "largest step", largest);
  }

  /** The paper's settings: η⁻ 0.5, η⁺ 1.2, steps from 1e-6 to 50. */
  public Rprop() {
    this(0.5, 1.2, 1e-6, 50);
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
          Tensor previousSlot = slots.of("previous", p, 0);
          Tensor sizeSlot = slots.of("size", p, 0);
          Tensor size = Tensor.where(step.equalTo(1), rate, sizeSlot);
          Tensor agreement = gradient.times(previousSlot).sign();
          Tensor one = Rule.one(p);
          Tensor grown = Tensor.where(agreement.greater(0), one.times(grow), one);
          Tensor factor = Tensor.where(agreement.less(0), one.times(shrink), grown);
          size = size.times(factor).maximum(one.times(smallest)).minimum(one.times(largest));
          Rule.set(out, sizeSlot, size);
          Tensor g = Tensor.where(agreement.less(0), Tensor.zeros(p.dtype(), p.shape()), gradient);
          Rule.set(out, previousSlot, g);
          Rule.set(out, p, p.minus(g.sign().times(size)));
        });
  }

  @Override
  public double defaultLearningRate() {
    return 0.01;
  }
}
