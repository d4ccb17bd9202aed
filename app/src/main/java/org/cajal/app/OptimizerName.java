package org.cajal.app;

import java.util.Locale;
import org.cajal.optim.Adadelta;
import org.cajal.optim.Adagrad;
import org.cajal.optim.Adam;
import org.cajal.optim.AdamW;
import org.cajal.optim.Adamax;
import org.cajal.optim.Lion;
import org.cajal.optim.NAdam;
import org.cajal.optim.Optimizer;
import org.cajal.optim.RAdam;
import org.cajal.optim.RmsProp;
import org.cajal.optim.Sgd;

/**
 * The update rules that {@code --optimizer} offers, by their usual names, with their usual
 * settings.
 */
enum OptimizerName {
  SGD,
  MOMENTUM,
  NESTEROV,
  ADAGRAD,
  RMSPROP,
  ADADELTA,
  ADAM,
  AMSGRAD,
  ADAMW,
  NADAM,
  RADAM,
  ADAMAX,
  LION;

  /**
   * The rule.
   *
   * @param weightDecay decoupled for {@code adamw} and {@code lion}, added to the gradient for the
   *     others
   */
  Optimizer rule(double weightDecay) {
    return switch (this) {
      case SGD -> new Sgd(0, 0, false, weightDecay);
      case MOMENTUM -> new Sgd(0.9, 0, false, weightDecay);
      case NESTEROV -> new Sgd(0.9, 0, true, weightDecay);
      case ADAGRAD -> with(new Adagrad(), weightDecay);
      case RMSPROP -> with(new RmsProp(), weightDecay);
      case ADADELTA -> with(new Adadelta(), weightDecay);
      case ADAM -> with(new Adam(), false, weightDecay);
      case AMSGRAD -> with(new Adam(), true, weightDecay);
      case ADAMW -> new AdamW(weightDecay);
      case NADAM -> with(new NAdam(), weightDecay);
      case RADAM -> with(new RAdam(), weightDecay);
      case ADAMAX -> with(new Adamax(), weightDecay);
      case LION -> with(new Lion(), weightDecay);
    };
  }

  private static Optimizer with(Adagrad r, double weightDecay) {
    return new Adagrad(r.rateDecay(), r.initialAccumulator(), r.epsilon(), weightDecay);
  }

  private static Optimizer with(RmsProp r, double weightDecay) {
    return new RmsProp(r.alpha(), r.momentum(), r.centered(), r.epsilon(), weightDecay);
  }

  private static Optimizer with(Adadelta r, double weightDecay) {
    return new Adadelta(r.rho(), r.epsilon(), weightDecay);
  }

  private static Optimizer with(Adam r, boolean amsgrad, double weightDecay) {
    return new Adam(r.beta1(), r.beta2(), r.epsilon(), weightDecay, amsgrad);
  }

  private static Optimizer with(NAdam r, double weightDecay) {
    return new NAdam(r.beta1(), r.beta2(), r.epsilon(), r.momentumDecay(), weightDecay);
  }

  private static Optimizer with(RAdam r, double weightDecay) {
    return new RAdam(r.beta1(), r.beta2(), r.epsilon(), weightDecay);
  }

  private static Optimizer with(Adamax r, double weightDecay) {
    return new Adamax(r.beta1(), r.beta2(), r.epsilon(), weightDecay);
  }

  private static Optimizer with(Lion r, double weightDecay) {
    return new Lion(r.beta1(), r.beta2(), weightDecay);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
