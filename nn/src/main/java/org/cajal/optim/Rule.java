package org.cajal.optim;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.cajal.tensor.Tensor;
import org.cajal.tensor.Update;
import org.cajal.type.CajalException;
import org.cajal.type.DType;

/**
 * What the optimisers share: the loop over parameters, checks, and numbers that depend on the step.
 */
final class Rule {
  private Rule() {}

  /** The step of one parameter: what it and its slots become. */
  interface Step {
    void of(Tensor parameter, Tensor gradient, Tensor learningRate, List<Update> out);
  }

  static List<Update> each(
      Optimizer optimizer,
      List<Tensor> parameters,
      List<Tensor> gradients,
      Tensor learningRate,
      Step step) {
    String name = optimizer.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    if (parameters.size() != gradients.size()) {
      throw CajalException.at(
          name,
          parameters.size()
              + " parameters have "
              + gradients.size()
              + " gradients; one for each is needed");
    }
    if (!learningRate.dtype().isFloating() || learningRate.rank() != 0) {
      throw CajalException.at(
          name,
          "the learning rate must be a floating scalar, found "
              + learningRate.dtype()
              + " "
              + learningRate.shape());
    }
    List<Update> out = new ArrayList<>();
    for (int i = 0; i < parameters.size(); i++) {
      Tensor p = parameters.get(i);
      Tensor g = gradients.get(i);
      if (g.dtype() != p.dtype() || !g.shape().equals(p.shape())) {
        throw CajalException.at(
            name,
            "the gradient of "
                + p.variable()
                + " is "
                + g.dtype()
                + " "
                + g.shape()
                + "; it must have the parameter's "
                + "type and shape");
      }
      step.of(p, g, learningRate.cast(p.dtype()), out);
    }
    return List.copyOf(out);
  }

  /** What a variable's tensor is to be; answers the new value. */
  static Tensor set(List<Update> out, Tensor slot, Tensor value) {
    out.add(new Update(slot.variable(), value));
    return value;
  }

  /** decay · average + (1 − decay) · x. */
  static Tensor average(double decay, Tensor average, Tensor x) {
    return average.times(decay).plus(x.times(1 - decay));
  }

  /** The gradient with the derivative of ½·decay·‖p‖² added: weight decay as a penalty. */
  static Tensor penalised(Tensor gradient, Tensor parameter, double weightDecay) {
    return weightDecay == 0 ? gradient : gradient.plus(parameter.times(weightDecay));
  }

  /** The parameter shrunk by 1 − rate · decay before its step: decoupled weight decay. */
  static Tensor decayed(Tensor parameter, Tensor learningRate, double weightDecay) {
    return weightDecay == 0
        ? parameter
        : parameter.times(one(learningRate).minus(learningRate.times(weightDecay)));
  }

  static Tensor one(Tensor like) {
    return Tensor.scalar(like.dtype(), 1);
  }

  /**
   * The step number in double precision, in which the few numbers that depend on it alone are
   * computed.
   */
  static Tensor exact(Tensor step) {
    return step.cast(DType.F64);
  }

  /** β^step in double precision. */
  static Tensor powerOf(double beta, Tensor exactStep) {
    return exactStep.times(Math.log(beta)).exp();
  }

  /**
   * 1 − β^step in double precision: in single precision the difference would lose most digits while
   * β^step is near 1.
   */
  static Tensor correction(double beta, Tensor exactStep) {
    return one(exactStep).minus(powerOf(beta, exactStep));
  }

  static void inUnit(String optimizer, String what, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new CajalException(
          "["
              + optimizer
              + "] "
              + what
              + " is "
              + value
              + "; it must be at least 0 and less than 1");
    }
  }

  static void notNegative(String optimizer, String what, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new CajalException(
          "[" + optimizer + "] " + what + " is " + value + "; it must be 0 or larger, and finite");
    }
  }

  static void positive(String optimizer, String what, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new CajalException(
          "["
              + optimizer
              + "] "
              + what
              + " is "
              + value
              + "; it must be larger than 0, and finite");
    }
  }
}
