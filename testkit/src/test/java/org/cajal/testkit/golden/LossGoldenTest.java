package org.cajal.testkit.golden;

import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.cajal.io.JsonObject;
import org.cajal.loss.ConnectionistTemporalClassification;
import org.cajal.loss.KullbackLeibler;
import org.cajal.loss.Losses;
import org.cajal.loss.MarginLosses;
import org.cajal.loss.Reduction;
import org.cajal.tensor.Tensor;
import org.cajal.type.DType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Losses against golden values. */
final class LossGoldenTest {
  private static final GoldenReport REPORT = new GoldenReport("losses");

  @TestFactory
  Stream<DynamicTest> inSinglePrecision() {
    return GoldenTests.of("07_losses.safetensors", mapping(DType.F32), REPORT);
  }

  @TestFactory
  Stream<DynamicTest> inDoublePrecision() {
    return GoldenTests.of("07_losses.safetensors", mapping(DType.F64), REPORT);
  }

  @AfterAll
  static void print() {
    GoldenTests.print(REPORT);
  }

  /** The inputs and arguments of one case. */
  private record Case(GoldenGraph.Inputs inputs, JsonObject args) {
    Tensor x() {
      return in("x");
    }

    Tensor target() {
      return in("target");
    }

    Tensor in(String name) {
      return inputs.get(name);
    }

    @Nullable Tensor optional(String name) {
      return inputs.optional(name);
    }

    double number(String name) {
      return args.number(name);
    }

    int ignored() {
      return args.has("ignore_index") && args.fields().get("ignore_index") != null
          ? args.integer("ignore_index")
          : Losses.NO_CLASS;
    }
  }

  private static final class Mapped {
    private final GoldenMapping mapping = new GoldenMapping();
    private final DType dtype;

    Mapped(DType dtype) {
      this.dtype = dtype;
    }

    Mapped on(String op, BiFunction<Case, Reduction, Tensor> loss) {
      mapping.on(
          op,
          golden ->
              GoldenGraph.evaluate(
                  golden,
                  dtype,
                  inputs -> {
                    String reduction = golden.args().string("reduction");
                    Case c = new Case(inputs, golden.args());
                    Tensor value =
                        reduction.equals("batchmean")
                            ? new KullbackLeibler(golden.args().bool("log_target"))
                                .apply(c.x(), c.target())
                            : loss.apply(c, Reduction.valueOf(reduction.toUpperCase(Locale.ROOT)));
                    return Map.of(reduction.equals("none") ? "out" : "loss", value);
                  }));
      return this;
    }
  }

  private static GoldenMapping mapping(DType dtype) {
    return new Mapped(dtype)
        .on("mse", (c, r) -> Losses.squaredError(c.x(), c.target(), r))
        .on("l1", (c, r) -> Losses.absoluteError(c.x(), c.target(), r))
        .on(
            "smooth_l1",
            (c, r) -> Losses.smoothAbsoluteError(c.x(), c.target(), c.number("beta"), r))
        .on("huber", (c, r) -> Losses.huber(c.x(), c.target(), c.number("delta"), r))
        .on("bce", (c, r) -> Losses.binaryCrossEntropy(c.x(), c.target(), c.optional("weight"), r))
        .on(
            "bce_with_logits",
            (c, r) ->
                Losses.binaryCrossEntropyFromLogits(
                    c.x(), c.target(), c.optional("pos_weight"), c.optional("weight"), r))
        .on(
            "cross_entropy",
            (c, r) ->
                Losses.crossEntropy(
                    c.x(),
                    c.target(),
                    c.optional("weight"),
                    c.number("label_smoothing"),
                    c.ignored(),
                    r))
        .on(
            "cross_entropy_probs",
            (c, r) ->
                Losses.crossEntropyOfProbabilities(
                    c.x(), c.target(), c.optional("weight"), c.number("label_smoothing"), r))
        .on(
            "nll",
            (c, r) ->
                Losses.negativeLogLikelihood(
                    c.x(), c.target(), c.optional("weight"), c.ignored(), r))
        .on(
            "kl_div",
            (c, r) -> Losses.kullbackLeibler(c.x(), c.target(), c.args().bool("log_target"), r))
        .on("hinge", (c, r) -> MarginLosses.hinge(c.x(), c.target(), c.number("margin"), r))
        .on(
            "squared_hinge",
            (c, r) -> MarginLosses.squaredHinge(c.x(), c.target(), c.number("margin"), r))
        .on("perceptron", (c, r) -> MarginLosses.perceptron(c.x(), c.target(), r))
        .on(
            "hinge_embedding",
            (c, r) -> MarginLosses.hingeEmbedding(c.x(), c.target(), c.number("margin"), r))
        .on(
            "multi_margin",
            (c, r) ->
                MarginLosses.multiMargin(
                    c.x(),
                    c.target(),
                    c.args().integer("p"),
                    c.number("margin"),
                    c.optional("weight"),
                    r))
        .on(
            "margin_ranking",
            (c, r) ->
                MarginLosses.marginRanking(
                    c.in("x1"), c.in("x2"), c.target(), c.number("margin"), r))
        .on("soft_margin", (c, r) -> MarginLosses.softMargin(c.x(), c.target(), r))
        .on(
            "multilabel_soft_margin",
            (c, r) -> MarginLosses.multilabelSoftMargin(c.x(), c.target(), c.optional("weight"), r))
        .on(
            "cosine_embedding",
            (c, r) ->
                MarginLosses.cosineEmbedding(
                    c.in("x1"), c.in("x2"), c.target(), c.number("margin"), r))
        .on(
            "triplet_margin",
            (c, r) ->
                MarginLosses.tripletMargin(
                    c.in("anchor"),
                    c.in("positive"),
                    c.in("negative"),
                    c.number("margin"),
                    c.number("p"),
                    c.args().bool("swap"),
                    c.number("eps"),
                    r))
        .on(
            "poisson_nll",
            (c, r) ->
                Losses.poisson(
                    c.x(),
                    c.target(),
                    c.args().bool("log_input"),
                    c.args().bool("full"),
                    c.number("eps"),
                    r))
        .on(
            "ctc",
            (c, r) ->
                ConnectionistTemporalClassification.loss(
                    c.in("logits"),
                    c.in("targets"),
                    c.in("input_lengths"),
                    c.in("target_lengths"),
                    c.args().integer("blank"),
                    c.args().bool("zero_infinity"),
                    r))
        .on(
            "gaussian_nll",
            (c, r) ->
                Losses.gaussian(
                    c.x(), c.target(), c.in("var"), c.args().bool("full"), c.number("eps"), r))
        .mapping;
  }
}
