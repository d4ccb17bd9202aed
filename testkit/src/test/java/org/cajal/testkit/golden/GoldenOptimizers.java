package org.cajal.testkit.golden;

import java.util.List;
import java.util.Optional;
import org.cajal.io.JsonObject;
import org.cajal.optim.Adadelta;
import org.cajal.optim.Adagrad;
import org.cajal.optim.Adam;
import org.cajal.optim.AdamW;
import org.cajal.optim.Adamax;
import org.cajal.optim.Clipping;
import org.cajal.optim.NAdam;
import org.cajal.optim.Optimizer;
import org.cajal.optim.RAdam;
import org.cajal.optim.RmsProp;
import org.cajal.optim.Rprop;
import org.cajal.optim.Sgd;

/** Optimisers and clipping by the arguments of golden cases; absent settings are off. */
final class GoldenOptimizers {
  private GoldenOptimizers() {}

  /** The optimiser, or nothing where there is no counterpart. */
  static Optional<Optimizer> of(JsonObject args) {
    double decay = args.number("weight_decay", 0);
    double epsilon = args.number("eps", 0);
    List<Double> betas = args.has("betas") ? args.numbers("betas") : List.of(0.0, 0.0);
    double beta1 = betas.get(0);
    double beta2 = betas.get(1);
    boolean amsgrad = args.bool("amsgrad", false);
    return Optional.ofNullable(
        switch (args.string("optimizer")) {
          case "sgd" ->
              new Sgd(
                  args.number("momentum", 0),
                  args.number("dampening", 0),
                  args.bool("nesterov", false),
                  decay);
          case "adagrad" ->
              new Adagrad(
                  args.number("lr_decay", 0),
                  args.number("initial_accumulator_value", 0),
                  epsilon,
                  decay);
          case "adadelta" -> new Adadelta(args.number("rho"), epsilon, decay);
          case "rmsprop" ->
              new RmsProp(
                  args.number("alpha"),
                  args.number("momentum", 0),
                  args.bool("centered", false),
                  epsilon,
                  decay);
          case "adam" -> new Adam(beta1, beta2, epsilon, decay, amsgrad);
          case "adamw" -> new AdamW(beta1, beta2, epsilon, decay, amsgrad);
          case "adamax" -> new Adamax(beta1, beta2, epsilon, decay);
          case "nadam" -> new NAdam(beta1, beta2, epsilon, args.number("momentum_decay"), decay);
          case "radam" -> new RAdam(beta1, beta2, epsilon, decay);
          case "rprop" -> {
            List<Double> etas = args.numbers("etas");
            List<Double> sizes = args.numbers("step_sizes");
            yield new Rprop(etas.get(0), etas.get(1), sizes.get(0), sizes.get(1));
          }
          default -> null;
        });
  }

  static Clipping clipping(JsonObject args) {
    if (args.has("clip_norm")) {
      return Clipping.byGlobalNorm(args.number("clip_norm"));
    }
    return args.has("clip_value") ? Clipping.byValue(args.number("clip_value")) : Clipping.none();
  }
}
