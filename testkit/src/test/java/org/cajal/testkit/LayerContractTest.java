package org.cajal.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cajal.init.Initializer;
import org.cajal.io.Codec;
import org.cajal.layer.Embedding;
import org.cajal.layer.EnsembleMean;
import org.cajal.layer.Forward;
import org.cajal.layer.Gelu;
import org.cajal.layer.GroupNormalization;
import org.cajal.layer.Layer;
import org.cajal.layer.LayerNormalization;
import org.cajal.layer.LayerTypes;
import org.cajal.layer.Layers;
import org.cajal.layer.Padding;
import org.cajal.layer.Parallel;
import org.cajal.layer.Parameters;
import org.cajal.layer.PiecewiseLinear;
import org.cajal.layer.Prelu;
import org.cajal.layer.RecurrentCell;
import org.cajal.layer.Residual;
import org.cajal.layer.Scope;
import org.cajal.layer.SinusoidalPositions;
import org.cajal.layer.Softplus;
import org.cajal.tensor.Tensor;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.Shape;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every layer keeps its contract; and the contract notices layers that do not. */
final class LayerContractTest {
  private static final Codec CODEC = codec();

  @SuppressWarnings("unchecked") // every initialiser is a record
  private static Codec codec() {
    Codec codec = new Codec("layer");
    LayerTypes.byName().forEach(codec::register);
    for (Class<?> type : Initializer.class.getPermittedSubclasses()) {
      String name = type.getSimpleName();
      codec.register(
          name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1),
          (Class<? extends Record>) type);
    }
    return codec;
  }

  private static LayerContract row(Layer layer) {
    return LayerContract.of(layer).codec(CODEC);
  }

  private record Named(Layer layer, LayerContract contract) {}

  private static Named on(Layer layer, int[] in, int... out) {
    return new Named(layer, row(layer).input(in).output(out));
  }

  private static int[] in(int... dims) {
    return dims;
  }

  private static final List<Named> ROWS =
      List.of(
          on(Layers.dense(3), in(4, 5), 4, 3),
          on(Layers.dense(3), in(2, 4, 5), 2, 4, 3),
          on(Layers.bilinear(3), in(4, 5), 4, 3),
          on(Layers.convolution(4, 3), in(2, 3, 7), 2, 4, 5),
          on(Layers.convolution(4, 3, 2), in(2, 3, 6, 5), 2, 4, 4, 4),
          on(
              Layers.convolution(4, 3).withPadding(Padding.same()).withStride(2),
              in(2, 3, 6, 5),
              2,
              4,
              3,
              3),
          on(
              Layers.convolution(4, 3).withPadding(Padding.of(1, 0)).withDilation(2),
              in(2, 3, 6, 6),
              2,
              4,
              4,
              2),
          on(
              Layers.convolution(6, 2).withGroups(3).withBias(false),
              in(2, 3, 4, 3, 3),
              2,
              6,
              3,
              2,
              2),
          on(
              Layers.depthwiseConvolution(3).withPadding(Padding.same()),
              in(2, 3, 5, 4),
              2,
              3,
              5,
              4),
          on(Layers.transposedConvolution(2, 3).withStride(2), in(2, 3, 4, 3), 2, 2, 9, 7),
          on(
              Layers.transposedConvolution(2, 3).withStride(2).withPadding(Padding.same()),
              in(2, 3, 4, 3),
              2,
              2,
              8,
              6),
          on(
              Layers.transposedConvolution(4, 2)
                  .withStride(3)
                  .withPadding(Padding.same())
                  .withGroups(2),
              in(2, 2, 5),
              2,
              4,
              15),
          on(Layers.maxPooling(2), in(2, 3, 6, 4), 2, 3, 3, 2),
          on(
              Layers.maxPooling(3).withStride(2).withPadding(Padding.of(1)).withRoundUp(true),
              in(2, 3, 6, 5),
              2,
              3,
              4,
              3),
          on(Layers.averagePooling(2), in(2, 3, 6, 4), 2, 3, 3, 2),
          on(
              Layers.averagePooling(3)
                  .withStride(1)
                  .withPadding(Padding.same())
                  .withCountPadding(false),
              in(2, 3, 5),
              2,
              3,
              5),
          on(Layers.globalAveragePooling(), in(2, 3, 4, 5), 2, 3),
          on(Layers.globalMaxPooling(), in(2, 3, 4, 5), 2, 3),
          on(Layers.adaptiveAveragePooling(2, 3), in(2, 3, 5, 6), 2, 3, 2, 3),
          on(Layers.adaptiveMaxPooling(2), in(2, 3, 5, 6), 2, 3, 2, 2),
          on(Layers.flatten(), in(2, 3, 4), 2, 12),
          on(Layers.reshape(3, -1), in(2, 12), 2, 3, 4),
          on(Layers.columns(1, 3), in(2, 5), 2, 2),
          on(Layers.ensembleDense(3, 2, Initializer.glorotUniform()), in(4, 5), 4, 3, 2),
          on(Layers.ensembleDense(3, 2, Initializer.glorotUniform()), in(4, 3, 5), 4, 3, 2),
          on(new EnsembleMean(true), in(4, 3, 2), 4, 2),
          on(
              new PiecewiseLinear(
                  List.of(0, 1, 4),
                  List.of(
                      List.of(-0.9, 0.2, 0.8), List.of(0.0, 1.0), List.of(-1.5, 0.1, 0.4, 2.0))),
              in(4, 5),
              4,
              9),
          on(Layers.dropout(0.3), in(6, 5), 6, 5),
          on(Layers.batchNormalization(), in(6, 3), 6, 3),
          on(Layers.batchNormalization(), in(3, 2, 4, 3), 3, 2, 4, 3),
          on(Layers.layerNormalization(), in(3, 6), 3, 6),
          on(new LayerNormalization(2, 1e-5, true), in(3, 4, 5), 3, 4, 5),
          on(Layers.groupNormalization(2), in(3, 4, 5), 3, 4, 5),
          on(
              new GroupNormalization(GroupNormalization.EACH_CHANNEL, 1e-5, true),
              in(2, 3, 4, 4),
              2,
              3,
              4,
              4),
          on(Layers.rmsNormalization(), in(3, 6), 3, 6),
          on(Layers.localResponseNormalization(), in(2, 7, 3), 2, 7, 3),
          new Named(
              Layers.embedding(7, 3),
              row(Layers.embedding(7, 3)).indices(7).input(4, 2).output(4, 2, 3)),
          new Named(
              new Embedding(5, 2, 0, Initializer.normal(1)),
              row(new Embedding(5, 2, 0, Initializer.normal(1)))
                  .indices(5)
                  .input(9)
                  .output(9, 2)
                  .inexactGradient()),
          on(Layers.simpleRnn(4), in(3, 5, 2), 3, 5, 4),
          on(Layers.recurrent(RecurrentCell.RELU, 4).withSequences(false), in(3, 5, 2), 3, 4),
          on(Layers.lstm(3).withLayers(2).withDropout(0.4), in(3, 4, 2), 3, 4, 3),
          on(Layers.lstm(3).withBidirectional(true).withSequences(false), in(3, 4, 2), 3, 6),
          on(Layers.gru(3).withLayers(2).withBidirectional(true), in(3, 4, 2), 3, 4, 6),
          on(Layers.gru(3).withBias(false), in(3, 2, 2), 3, 2, 3),
          on(Layers.positionEmbedding(6), in(2, 4, 3), 2, 4, 3),
          on(Layers.sinusoidalPositions(), in(2, 4, 3), 2, 4, 3),
          on(Layers.multiHeadAttention(2), in(3, 5, 4), 3, 5, 4),
          on(
              Layers.multiHeadAttention(2).withCausal(true).withBias(false, true).withDropout(0.2),
              in(3, 5, 4),
              3,
              5,
              4),
          on(Layers.transformerBlock(Layers.multiHeadAttention(2), 6), in(3, 4, 4), 3, 4, 4),
          on(
              Layers.transformerBlock(Layers.multiHeadAttention(1).withCausal(true), 6)
                  .withNormFirst(false)
                  .withActivation(Layers.tanh())
                  .withDropout(0.2),
              in(3, 4, 4),
              3,
              4,
              4),
          on(Layers.residual(Layers.dense(5), Layers.tanh()), in(4, 5), 4, 5),
          on(new Residual(Layers.dense(3), Layers.dense(3)), in(4, 5), 4, 3),
          on(Layers.concatenate(Layers.dense(3), Layers.columns(0, 2)), in(4, 5), 4, 5),
          on(Layers.sum(Layers.dense(3), Layers.dense(3)), in(4, 5), 4, 3),
          on(
              Layers.sequential(
                  Layers.convolution(2, 3), Layers.relu(), Layers.flatten(), Layers.dense(2)),
              in(3, 1, 5, 5),
              3,
              2),
          on(Layers.linear(), in(4, 5), 4, 5),
          new Named(
              Layers.heaviside(), row(Layers.heaviside()).input(4, 5).output(4, 5).forwardOnly()),
          new Named(Layers.sign(), row(Layers.sign()).input(4, 5).output(4, 5).forwardOnly()),
          on(Layers.sigmoid(), in(4, 5), 4, 5),
          on(Layers.tanh(), in(4, 5), 4, 5),
          on(Layers.relu(), in(4, 5), 4, 5),
          on(Layers.leakyRelu(), in(4, 5), 4, 5),
          on(Layers.prelu(), in(4, 3, 2), 4, 3, 2),
          on(new Prelu(0.1, false), in(4, 5), 4, 5),
          on(Layers.elu(), in(4, 5), 4, 5),
          on(Layers.selu(), in(4, 5), 4, 5),
          on(Layers.softplus(), in(4, 5), 4, 5),
          on(new Softplus(2), in(4, 5), 4, 5),
          new Named(
              Layers.noisyRelu(),
              row(Layers.noisyRelu()).input(4, 5).output(4, 5).inexactGradient()),
          on(Layers.maxout(2), in(4, 6), 4, 3),
          on(Layers.gelu(), in(4, 5), 4, 5),
          on(new Gelu(Gelu.Form.TANH), in(4, 5), 4, 5),
          on(Layers.silu(), in(4, 5), 4, 5),
          on(Layers.softmax(), in(4, 5), 4, 5),
          on(Layers.logSoftmax(), in(4, 5), 4, 5));

  @TestFactory
  Stream<DynamicTest> everyLayerKeepsItsContract() {
    return ROWS.stream()
        .map(row -> DynamicTest.dynamicTest(row.layer().toString(), row.contract()::check));
  }

  @Test
  void everyLayerHasARow() {
    Set<String> rows =
        ROWS.stream().map(row -> Scope.nameOf(row.layer())).collect(Collectors.toSet());
    Set<String> layers =
        LayerTypes.byName().entrySet().stream()
            .filter(e -> Layer.class.isAssignableFrom(e.getValue()))
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    assertThat(rows).containsExactlyInAnyOrderElementsOf(layers);
  }

  private record Refusal(Layer layer, int[] input, String message) {}

  private static final List<Refusal> REFUSALS =
      List.of(
          new Refusal(
              Layers.dense(3),
              in(),
              "[dense] needs features on the last axis, found []; instead of [] or [N, 0] give it"
                  + " [N, features]"),
          new Refusal(
              Layers.convolution(4, 3, 3),
              in(64, 784),
              "[convolution] a kernel [3, 3] needs an input [N, C, 2 spatial axes], found [64,"
                  + " 784]; instead of sequential(convolution(...), ...) write"
                  + " sequential(reshape(C, H, W), convolution(...), ...)"),
          new Refusal(
              Layers.convolution(4, 5),
              in(1, 1, 4, 4),
              "[convolution] the kernel [5, 5] spans 5 elements of spatial axis 0, but the padded"
                  + " input [1, 1, 4, 4] has 4; use a smaller kernel, more padding or less pooling"
                  + " before it"),
          new Refusal(
              Layers.convolution(4, 1).withGroups(2),
              in(1, 3, 4, 4),
              "[convolution] 3 channels of [1, 3, 4, 4] do not split into 2 groups; groups must"
                  + " divide the channels"),
          new Refusal(
              Layers.convolution(4, 3).withStride(1, 1, 1),
              in(1, 3, 4, 4),
              "[convolution] stride [1, 1, 1] has 3 numbers for 2 spatial axes; give one for each,"
                  + " or one for all"),
          new Refusal(
              Layers.globalAveragePooling(),
              in(4, 5),
              "[globalAveragePooling] needs [N, C, spatial...], found [4, 5]; put it before"
                  + " flatten(), not after it"),
          new Refusal(
              Layers.batchNormalization(),
              in(4),
              "[batchNormalization] needs channels on axis 1, [N, C] or [N, C, ...], found [4]"),
          new Refusal(
              new LayerNormalization(2, 1e-5, true),
              in(4, 5),
              "[layerNormalization] needs a batch axis and 2 more to normalise over, found [4, 5]"),
          new Refusal(
              Layers.maxout(2),
              in(4, 5),
              "[maxout] axis 1 of [4, 5] does not split into pieces of 2; instead of dense(n),"
                  + " maxout(2) write dense(n * 2), maxout(2)"),
          new Refusal(
              Layers.residual(Layers.dense(3)),
              in(4, 5),
              "[residual] the inner layers give [4, 3], the shortcut [4, 5], which cannot be added;"
                  + " instead of residual(inner) write new Residual(inner, shortcut) with a"
                  + " shortcut to [4, 3], for example convolution(3, 1)"),
          new Refusal(
              Layers.concatenate(Layers.flatten(), Layers.linear()),
              in(4, 5, 2),
              "[parallel] branches give [[4, 10], [4, 5, 2]], which cannot be joined along axis 1;"
                  + " all other sizes must be equal"),
          new Refusal(
              Layers.sum(Layers.dense(2), Layers.linear()),
              in(4, 5),
              "[parallel] branches give [[4, 2], [4, 5]], which cannot be added; shapes must be"
                  + " equal"),
          new Refusal(
              Layers.lstm(3),
              in(4, 5),
              "[recurrent] needs sequences [N, steps, features], found [4, 5]; put embedding(...)"
                  + " before it if these are symbols"),
          new Refusal(
              Layers.ensembleDense(3, 2, Initializer.zeros()),
              in(4, 2, 5),
              "[ensembleDense] needs [N, features] or [N, 3, features], found [4, 2, 5]"),
          new Refusal(
              Layers.ensembleMean(), in(4), "[ensembleMean] needs [N, members, ...], found [4]"),
          new Refusal(
              new PiecewiseLinear(List.of(5), List.of(List.of(0.0, 1.0))),
              in(4, 5),
              "[piecewiseLinear] needs [N, features] with at least 6, found [4, 5]"),
          new Refusal(
              Layers.positionEmbedding(3),
              in(4, 5, 2),
              "[positionEmbedding] needs sequences [N, steps, features] of at most 3 steps, found"
                  + " [4, 5, 2]; cut them, or write positionEmbedding(5)"),
          new Refusal(
              Layers.sinusoidalPositions(),
              in(4, 5),
              "[sinusoidalPositions] needs sequences [N, steps, features], found [4, 5]"),
          new Refusal(
              Layers.multiHeadAttention(3),
              in(2, 5, 4),
              "[multiHeadAttention] needs sequences [N, steps, size] whose size 3 heads divide,"
                  + " found [2, 5, 4]"),
          new Refusal(
              Layers.transformerBlock(Layers.multiHeadAttention(2), 6),
              in(2, 4),
              "[transformerBlock] needs sequences [N, steps, size], found [2, 4]"),
          new Refusal(
              Layers.columns(2, 4), in(4, 3), "[columns] columns 2 to 3 are wanted, found [4, 3]"),
          new Refusal(
              Layers.reshape(2, -1),
              in(4, 3),
              "[reshape] a sample of [4, 3] has 3 elements, which [2, -1] cannot hold; instead of"
                  + " reshape(2, -1) write sizes whose product is 3"));

  @TestFactory
  Stream<DynamicTest> inputsThatDoNotFitAreRefused() {
    return REFUSALS.stream()
        .map(
            refusal ->
                DynamicTest.dynamicTest(
                    refusal.layer() + " on " + Shape.of(refusal.input()),
                    () -> {
                      Tensor x = Tensor.input("x", DType.F32, Shape.of(refusal.input()));
                      assertThatThrownBy(
                              () -> Forward.evaluation(refusal.layer(), new Parameters(1), x))
                          .isInstanceOf(CajalException.class)
                          .satisfies(
                              e ->
                                  assertThat(
                                          String.valueOf(e.getMessage())
                                              .split(" \\(built at", -1)[0])
                                      .isEqualTo(refusal.message()));
                    }));
  }

  @TestFactory
  Stream<DynamicTest> settingsThatMakeNoSenseAreRefused() {
    record Setting(Runnable makes, String message) {}
    return Stream.of(
            new Setting(() -> Layers.dense(0), "[dense] units is 0; it must be at least 1"),
            new Setting(
                () -> Layers.dropout(1),
                "[dropout] rate is 1.0; it must be at least 0 and less than 1"),
            new Setting(
                () -> Layers.convolution(3, 0), "[convolution] kernel is 0; it must be at least 1"),
            new Setting(
                () -> Layers.convolution(3),
                "[convolution] kernel [] has 0 numbers; allowed are one for every spatial axis (1"
                    + " to 3), or a single one for all"),
            new Setting(
                () -> Layers.convolution(3, 2).withGroups(2),
                "[convolution] groups 2 must divide filters 3, but leaves a rest"),
            new Setting(() -> Padding.of(-1), "[padding] before is -1; it must be at least 0"),
            new Setting(
                () -> new Embedding(3, 2, 3, Initializer.zeros()),
                "[embedding] padding index is 3; it must be from -1 to 2"),
            new Setting(() -> Layers.gru(0), "[recurrent] units is 0; it must be at least 1"),
            new Setting(
                () -> Layers.lstm(2).withLayers(0),
                "[recurrent] layers is 0; it must be at least 1"),
            new Setting(
                () -> Layers.lstm(2).withDropout(1),
                "[recurrent] dropout is 1.0; it must be at least 0 and less than 1"),
            new Setting(
                () -> Layers.positionEmbedding(0),
                "[position embedding] length is 0; it must be at least 1"),
            new Setting(
                () -> new SinusoidalPositions(0),
                "[sinusoidal positions] base is 0.0; it must be larger than 0, and finite"),
            new Setting(
                () -> Layers.multiHeadAttention(0),
                "[multi-head attention] heads is 0; it must be at least 1"),
            new Setting(
                () -> Layers.transformerBlock(Layers.multiHeadAttention(2), 0),
                "[transformer block] hidden is 0; it must be at least 1"),
            new Setting(
                () -> new Parallel(List.of(), Parallel.Merge.SUM, 1),
                "[parallel] there are no branches; at least one is needed"),
            new Setting(
                () -> Layers.reshape(-1, -1),
                "[reshape] sizes are [-1, -1]; they must be 0 or larger, and one may be -1"),
            new Setting(
                () -> new Softplus(Double.NaN),
                "[softplus] beta is NaN; it must be larger than 0, and finite"))
        .map(
            s ->
                DynamicTest.dynamicTest(
                    s.message(),
                    () ->
                        assertThatThrownBy(s.makes()::run)
                            .isInstanceOf(CajalException.class)
                            .hasMessage(s.message())));
  }

  @Test
  void aLayerOfAUserPasses() {
    Layer scale =
        (x, scope) ->
            x.times(scope.parameter("factor", Shape.of(x.dim(-1)), Initializer.constant(2)));
    assertThatCode(() -> LayerContract.of(scale).input(4, 3).output(4, 3).check())
        .doesNotThrowAnyException();
  }

  @TestFactory
  Stream<DynamicTest> faultsAreFound() {
    record Fault(String message, Layer layer) {}
    return Stream.of(
            new Fault(
                "the output for [4, 3] is [4, 1], expected is [4, 3]", (x, scope) -> x.sumKeep(1)),
            new Fault(
                "a sample alone and in its batch differ", (x, scope) -> x.minus(x.meanKeep(0))),
            new Fault("the gradient of input is 0 everywhere", (x, scope) -> x.stopGradient()),
            new Fault(
                "the slope along a random direction",
                (x, scope) -> x.square().region("wrong", List.of(x), List.of(x))),
            new Fault(
                "training has the parameters",
                (x, scope) ->
                    scope.training()
                        ? x.plus(scope.parameter("late", Shape.of(3), Initializer.zeros()))
                        : x),
            new Fault("the output has Infinity", (x, scope) -> x.times(0).exp().dividedBy(0)),
            new Fault(
                "single and double precision differ",
                (x, scope) -> scope.dtype() == DType.F64 ? x.plus(1) : x))
        .map(
            fault ->
                DynamicTest.dynamicTest(
                    fault.message(),
                    () ->
                        assertThatThrownBy(
                                () ->
                                    LayerContract.of(fault.layer())
                                        .input(4, 3)
                                        .output(4, 3)
                                        .check())
                            .isInstanceOf(AssertionError.class)
                            .hasMessageContaining("layer on [4, 3]: " + fault.message())));
  }
}
