package org.cajal.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.cajal.init.Initializer;
import org.cajal.loss.CrossEntropy;
import org.cajal.optim.Sgd;
import org.cajal.optim.Slots;
import org.cajal.tensor.Feed;
import org.cajal.tensor.Gradients;
import org.cajal.tensor.Program;
import org.cajal.tensor.Tensor;
import org.cajal.tensor.Update;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.junit.jupiter.api.Test;

class ForwardTest {
  private static final Layer MLP =
      Layers.sequential(
          Layers.flatten(), Layers.dense(5), Layers.tanh(), Layers.dropout(0.5), Layers.dense(2));

  private static Tensor input(int... dims) {
    return Tensor.input("x", DType.F32, Shape.of(dims));
  }

  private static Tensor key() {
    return Tensor.input("key", DType.I32, Shape.of(2));
  }

  @Test
  void parametersAreNamedByPathAndReusedByOtherPrograms() {
    Parameters parameters = new Parameters(7);
    Forward training = Forward.of(MLP, parameters, input(4, 2, 3), Mode.TRAINING, key());
    Forward.evaluation(MLP, parameters, input(1, 2, 3));
    assertThat(training.output().shape()).isEqualTo(Shape.of(4, 2));
    assertThat(parameters.all().stream().map(Parameter::path))
        .containsExactly("1/weight", "1/bias", "4/weight", "4/bias");
    assertThat(parameters.count()).isEqualTo(6 * 5 + 5 + 5 * 2 + 2);
    assertThat(parameters.trainable()).hasSize(4);
  }

  /** Each matrix alone would fit. */
  @Test
  void parametersThatDoNotFitAreRefusedBeforeOneIsMade() {
    long most = Runtime.getRuntime().maxMemory();
    int width = Math.toIntExact((long) Math.sqrt(most * 0.6 / 4));
    Parameters parameters = new Parameters(7);
    assertThatThrownBy(
            () ->
                Forward.evaluation(
                    Layers.sequential(Layers.dense(width), Layers.dense(width)),
                    parameters,
                    input(1, width)))
        .isInstanceOf(CajalException.class)
        .hasMessage(
            String.format(
                Locale.ROOT,
                "[parameters] the model's parameters need %,d MB of memory, the JVM may use %,d MB;"
                    + " make the model smaller, or start Java with a larger -Xmx",
                2L * 4 * (width + 1) * width >> 20,
                most >> 20));
    assertThat(parameters.all()).isEmpty();
  }

  @Test
  void anOutlineCountsWhatAForwardPassMakes() {
    Layer layer = Layers.sequential(MLP, Layers.batchNormalization());
    Parameters parameters = new Parameters(7);
    Forward forward = Forward.evaluation(layer, parameters, input(4, 2, 3));
    Forward outline = Forward.outline(layer, DType.F32, input(4, 2, 3));
    assertThat(outline.trace().parameters()).isEqualTo(parameters.count());
    assertThat(outline.trace().multiplyAdds()).isEqualTo(forward.trace().multiplyAdds());
    assertThat(outline.output().shape()).isEqualTo(forward.output().shape());
  }

  @Test
  void initialValuesDependOnSeedAndPathAlone() {
    Parameters first = new Parameters(7);
    Parameters second = new Parameters(7);
    Parameters third = new Parameters(8);
    Forward.evaluation(MLP, first, input(4, 6));
    Forward.evaluation(MLP, second, input(1, 6));
    Forward.evaluation(MLP, third, input(1, 6));
    assertThat(first.values()).isEqualTo(second.values());
    assertThat(first.values()).isNotEqualTo(third.values());
  }

  @Test
  void theTraceCountsParametersAndWork() {
    Parameters parameters = new Parameters(7);
    Forward forward = Forward.evaluation(MLP, parameters, input(4, 2, 3));
    List<Trace.Step> steps = forward.trace().steps();
    assertThat(steps.stream().map(Trace.Step::name))
        .containsExactly("sequential", "flatten", "dense", "tanh", "dropout", "dense");
    assertThat(steps.stream().map(Trace.Step::path)).containsExactly("", "0", "1", "2", "3", "4");
    assertThat(steps.stream().map(Trace.Step::depth)).containsExactly(0, 1, 1, 1, 1, 1);
    assertThat(steps.stream().map(Trace.Step::parameters))
        .containsExactly(0L, 0L, 35L, 0L, 0L, 12L);
    assertThat(steps.stream().map(Trace.Step::multiplyAdds))
        .containsExactly(0L, 0L, 120L, 0L, 0L, 40L);
    assertThat(steps.get(2).output().shape()).isEqualTo(Shape.of(4, 5));
    assertThat(forward.trace().parameters()).isEqualTo(parameters.count());
    assertThat(forward.trace().multiplyAdds()).isEqualTo(160);
    assertThat(forward.trace().pathOf(forward.output())).contains("4");
    assertThat(forward.trace().pathOf(input(4, 2, 3))).isEmpty();
  }

  @Test
  void oneProgramTrains() {
    Layer model = Layers.sequential(Layers.dense(8), Layers.tanh(), Layers.dense(2));
    Parameters parameters = new Parameters(3);
    Tensor x = input(4, 2);
    Tensor classes = Tensor.input("y", DType.I32, Shape.of(4));
    Tensor rate = Tensor.input("rate", DType.F32, Shape.SCALAR);
    Tensor step = Tensor.input("step", DType.F32, Shape.SCALAR);
    Forward forward = Forward.of(model, parameters, x, Mode.TRAINING, null);
    Tensor loss = new CrossEntropy().apply(forward.output(), classes);
    List<Tensor> trainable = parameters.trainable();
    List<Update> updates = new ArrayList<>(forward.updates());
    updates.addAll(
        new Sgd(0.9)
            .updates(
                trainable, Gradients.of(loss).withRespectTo(trainable), rate, step, new Slots()));
    Program program = Program.compile(List.of(loss), updates);
    NDArray rows = NDArray.of(new float[] {0, 0, 0, 1, 1, 0, 1, 1}, Shape.of(4, 2));
    NDArray xor = NDArray.of(new int[] {0, 1, 1, 0}, Shape.of(4));
    double last = Double.NaN;
    for (int i = 1; i <= 150; i++) {
      last =
          program
              .run(Feed.of("x", rows).and("y", xor).and("rate", 0.3f).and("step", i))
              .scalar(loss);
    }
    assertThat(last).isLessThan(0.02);
  }

  @Test
  void dropoutFollowsKeyAndPath() {
    Layer model = Layers.sequential(Layers.dropout(0.5), Layers.linear(), Layers.dropout(0.5));
    Forward forward = Forward.of(model, new Parameters(1), input(100), Mode.TRAINING, key());
    Tensor first = forward.trace().steps().get(1).output();
    Program program = Program.compile(List.of(first, forward.output()), List.of());
    float[] ones = new float[100];
    java.util.Arrays.fill(ones, 1);
    NDArray x = NDArray.of(ones, Shape.of(100));
    NDArray a = NDArray.of(new int[] {1, 2}, Shape.of(2));
    NDArray b = NDArray.of(new int[] {1, 3}, Shape.of(2));
    NDArray once = program.run(Feed.of("x", x).and("key", a)).get(1);
    NDArray again = program.run(Feed.of("x", x).and("key", a)).get(1);
    NDArray other = program.run(Feed.of("x", x).and("key", b)).get(1);
    assertThat(again).isEqualTo(once);
    assertThat(other).isNotEqualTo(once);
    long kept = 0;
    for (float v : once.toFloats()) {
      assertThat(v == 0 || v == 4).isTrue();
      kept += v == 0 ? 0 : 1;
    }
    assertThat(kept).as("two masks that differ keep about a quarter").isBetween(10L, 40L);
  }

  @Test
  void errorsNameTheLayer() {
    Layer model = Layers.sequential(Layers.dense(3), Layers.sequential(Layers.reshape(2, 2)));
    assertThatThrownBy(() -> Forward.evaluation(model, new Parameters(1), input(5, 4)))
        .isInstanceOf(CajalException.class)
        .hasMessageStartingWith(
            "[reshape at 1/0] a sample of [5, 3] has 3 elements, which [2, 2] cannot hold; instead"
                + " of reshape(2, 2) write sizes whose product is 3 (built at ForwardTest.java:");
    Layer own =
        (x, scope) -> x.matmul(scope.parameter("weight", Shape.of(2, 2), Initializer.zeros()));
    assertThatThrownBy(
            () -> Forward.evaluation(Layers.sequential(own), new Parameters(1), input(5, 4)))
        .isInstanceOf(CajalException.class)
        .hasMessageStartingWith(
            "[matmul] inner dimensions differ: [5, 4] × [2, 2] (built at ForwardTest.java:")
        .hasMessageEndingWith(") (in layer at 0)");
    assertThatThrownBy(
            () -> Forward.of(Layers.dropout(0.1), new Parameters(1), input(2), Mode.TRAINING, null))
        .isInstanceOf(CajalException.class)
        .hasMessageStartingWith(
            "[dropout] needs random numbers, but the forward pass was given no key; pass"
                + " Tensor.input(\"key\", I32, [2]) and feed two new integers at each step");
    assertThatThrownBy(
            () ->
                Forward.evaluation(
                    Layers.dense(2),
                    new Parameters(1),
                    Tensor.input("i", DType.I32, Shape.of(2, 2))))
        .isInstanceOf(CajalException.class)
        .hasMessageStartingWith(
            "[dense] needs F32, the model's element type, found I32 [2, 2]; write x.cast(F32), or"
                + " put embedding(...) before it if these are categories");
  }

  @Test
  void anotherInputShapeIsRefused() {
    Parameters parameters = new Parameters(1);
    Forward.evaluation(Layers.dense(2), parameters, input(3, 4));
    assertThatThrownBy(() -> Forward.evaluation(Layers.dense(2), parameters, input(3, 5)))
        .isInstanceOf(CajalException.class)
        .hasMessage(
            "[parameters] weight is F32 [4, 2], but F32 [5, 2] is asked for: the model was first"
                + " used with an input of another shape, which must stay the same but for the batch"
                + " size (in dense)");
  }

  @Test
  void frozenParametersAreNotTrained() {
    Parameters parameters = new Parameters(1);
    parameters.freeze("0");
    Layer model = Layers.sequential(Layers.dense(2), Layers.dense(2));
    Forward.evaluation(model, parameters, input(3, 4));
    assertThat(parameters.trainable().stream().map(t -> t.variable().name()))
        .containsExactly("1/weight", "1/bias");
    parameters.unfreeze("0");
    assertThat(parameters.trainable()).hasSize(4);
  }

  @Test
  void restoredParametersComeFromTheFile() {
    Parameters parameters = new Parameters(1);
    Forward.evaluation(Layers.dense(2), parameters, input(3, 4));
    Map<String, NDArray> values = parameters.values();
    Parameters restored = Parameters.restored(DType.F32, values);
    Forward.evaluation(Layers.dense(2), restored, input(3, 4));
    assertThat(restored.values()).isEqualTo(values);
    assertThat(restored.unused()).isEmpty();
    Parameters other = Parameters.restored(DType.F32, values);
    assertThatThrownBy(() -> Forward.evaluation(Layers.dense(3), other, input(3, 4)))
        .hasMessage(
            "[parameters] the saved tensor \"weight\" is F32 [4, 2], but F32 [4, 3] is needed; its"
                + " weights belong to another architecture (in dense)");
    assertThat(other.unused()).containsExactly("weight", "bias");
  }

  @Test
  void sharedStateSeesEarlierUpdates() {
    Layer counter =
        (x, scope) -> {
          Tensor count = scope.state("count", NDArray.scalar(DType.F32, 0));
          scope.update("count", count.plus(1));
          return x;
        };
    Layer twice = (x, scope) -> scope.apply("a", counter, scope.apply("a", counter, x));
    Parameters parameters = new Parameters(1);
    Forward forward = Forward.of(twice, parameters, input(1), Mode.TRAINING, null);
    Program.compile(List.of(), forward.updates()).run(Feed.none());
    assertThat(parameters.get("a/count").value().scalar()).isEqualTo(2);
    assertThat(Forward.evaluation(twice, parameters, input(1)).updates()).isEmpty();
    assertThat(parameters.count()).isZero();
  }

  @Test
  void wellKnownNetworksHaveTheirSizes() {
    Layer lenet =
        Layers.sequential(
            Layers.convolution(6, 5).withPadding(Padding.of(2)),
            Layers.tanh(),
            Layers.averagePooling(2),
            Layers.convolution(16, 5),
            Layers.tanh(),
            Layers.averagePooling(2),
            Layers.flatten(),
            Layers.dense(120),
            Layers.tanh(),
            Layers.dense(84),
            Layers.tanh(),
            Layers.dense(10));
    Trace trace = Forward.evaluation(lenet, new Parameters(1), input(1, 1, 28, 28)).trace();
    assertThat(trace.parameters()).isEqualTo(61706);
    // 28²·6·25 + 10²·16·150 + 400·120 + 120·84 + 84·10
    assertThat(trace.multiplyAdds()).isEqualTo(416520);
    Layer cnn =
        Layers.sequential(
            Layers.convolution(32, 3).withPadding(Padding.same()),
            Layers.convolution(32, 3).withPadding(Padding.same()),
            Layers.maxPooling(2),
            Layers.convolution(64, 3).withPadding(Padding.same()),
            Layers.convolution(64, 3).withPadding(Padding.same()),
            Layers.maxPooling(2),
            Layers.flatten(),
            Layers.dense(128),
            Layers.dense(10));
    assertThat(Forward.evaluation(cnn, new Parameters(1), input(1, 1, 28, 28)).trace().parameters())
        .isEqualTo(467818);
  }
}
