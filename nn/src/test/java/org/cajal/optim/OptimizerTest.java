package org.cajal.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.cajal.op.Variable;
import org.cajal.tensor.Feed;
import org.cajal.tensor.Gradients;
import org.cajal.tensor.Program;
import org.cajal.tensor.Tensor;
import org.cajal.tensor.Update;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class OptimizerTest {
  private static final List<Optimizer> ALL =
      List.of(
          new Sgd(),
          new Sgd(0.9, 0.1, false, 0.01),
          Sgd.nesterov(0.9),
          new Adagrad(),
          new RmsProp(),
          new RmsProp(0.9, 0.5, true, 1e-6, 0),
          new Adadelta(),
          new Adam(),
          new Adam(0.9, 0.99, 1e-8, 0, true),
          new AdamW(0.1),
          new Adamax(),
          new NAdam(),
          new RAdam(),
          new Lion(),
          new Rprop());

  /** ½·Σ cᵢ·pᵢ², trained step by step. */
  private static final class Bowl {
    final Tensor p = Tensor.parameter("p", NDArray.of(new float[] {1, -2, 3}, Shape.of(3)));
    final Tensor rate = Tensor.input("rate", DType.F32, Shape.SCALAR);
    final Tensor step = Tensor.input("step", DType.F32, Shape.SCALAR);
    final Tensor loss = p.square().times(Tensor.of(1f, 0.5f, 2f)).sum().times(0.5);
    final Program program;

    Bowl(Optimizer optimizer, Slots slots) {
      List<Tensor> gradients = Gradients.of(loss).withRespectTo(List.of(p));
      program =
          Program.compile(
              List.of(loss), optimizer.updates(List.of(p), gradients, rate, step, slots));
    }

    double run(Optimizer optimizer, int from, int to) {
      double last = Double.NaN;
      for (int t = from; t <= to; t++) {
        float r = (float) optimizer.defaultLearningRate();
        last =
            program.run(Feed.of("rate", NDArray.scalar(DType.F32, r)).and("step", t)).scalar(loss);
      }
      return last;
    }
  }

  @TestFactory
  Stream<DynamicTest> everyOptimizerGoesDown() {
    return ALL.stream()
        .map(
            optimizer ->
                DynamicTest.dynamicTest(
                    optimizer.toString(),
                    () -> {
                      Bowl bowl = new Bowl(optimizer, new Slots());
                      double first = bowl.run(optimizer, 1, 1);
                      assertThat(bowl.run(optimizer, 2, 30)).isLessThan(first);
                    }));
  }

  @TestFactory
  Stream<DynamicTest> aCheckpointContinuesToTheBit() {
    return ALL.stream()
        .map(
            optimizer ->
                DynamicTest.dynamicTest(
                    optimizer.toString(),
                    () -> {
                      Slots slots = new Slots();
                      Bowl through = new Bowl(optimizer, slots);
                      through.run(optimizer, 1, 5);
                      NDArray parameters = through.p.variable().value().copy();
                      Map<String, NDArray> saved = slots.live();
                      saved.replaceAll((name, value) -> value.copy());
                      through.run(optimizer, 6, 9);
                      Bowl resumed = new Bowl(optimizer, Slots.restored(saved));
                      resumed.p.variable().set(parameters);
                      resumed.run(optimizer, 6, 9);
                      assertThat(resumed.p.variable().value())
                          .isEqualTo(through.p.variable().value());
                    }));
  }

  @Test
  void everyOptimizerIsNamedAndTested() {
    assertThat(ALL.stream().<Class<?>>map(Object::getClass).distinct())
        .containsExactlyInAnyOrderElementsOf(
            OptimizerTypes.byName().values().stream()
                .filter(Optimizer.class::isAssignableFrom)
                .toList());
    assertThat(OptimizerTypes.byName()).containsKeys("adamW", "clipByGlobalNorm", "maxNorm", "sgd");
  }

  @Test
  void slotsAreNamedByKindAndPath() {
    Slots slots = new Slots();
    new Bowl(new Adam(), slots);
    assertThat(slots.all().stream().map(Variable::name)).containsExactly("first/p", "second/p");
  }

  @Test
  void lionStepsBySigns() {
    Tensor p = Tensor.parameter("p", NDArray.of(new double[] {1, 1}, Shape.of(2)));
    Tensor g = Tensor.input("g", DType.F64, Shape.of(2));
    Tensor rate = Tensor.scalar(DType.F64, 0.1);
    Slots slots = new Slots();
    Program program =
        Program.compile(
            List.of(), new Lion(0.9, 0.5, 0.2).updates(List.of(p), List.of(g), rate, rate, slots));
    program.run(Feed.of("g", NDArray.of(new double[] {2, -0.5}, Shape.of(2))));
    // p = 1·(1 − 0.1·0.2) ∓ 0.1, m = 0.5·g
    assertThat(p.variable().value().toDoubles())
        .containsExactly(new double[] {0.88, 1.08}, within(1e-15));
    assertThat(slots.all().get(0).value().toDoubles()).containsExactly(1, -0.25);
    // 0.9·m + 0.1·g = 0.9 − 0.8 > 0 and −0.225 + 0.3 > 0
    program.run(Feed.of("g", NDArray.of(new double[] {-8, 3}, Shape.of(2))));
    assertThat(p.variable().value().toDoubles())
        .containsExactly(new double[] {0.88 * 0.98 - 0.1, 1.08 * 0.98 - 0.1}, within(1e-15));
  }

  @Test
  void clippingByNormKeepsTheDirection() {
    List<Tensor> gradients = List.of(Tensor.of(3.0, 0.0), Tensor.of(4.0));
    assertThat(Clipping.globalNorm(gradients).eval().scalar()).isEqualTo(5);
    List<Tensor> clipped = Clipping.byGlobalNorm(1).apply(gradients);
    assertThat(clipped.get(0).toDoubles()).containsExactly(new double[] {0.6, 0}, within(1e-6));
    assertThat(clipped.get(1).toDoubles()).containsExactly(new double[] {0.8}, within(1e-6));
    assertThat(Clipping.byGlobalNorm(10).apply(gradients).get(0).toDoubles()).containsExactly(3, 0);
    assertThat(Clipping.byGlobalNorm(10).apply(List.of())).isEmpty();
  }

  @Test
  void clippingByValueCutsEachNumber() {
    List<Tensor> clipped =
        Clipping.byValue(2).apply(List.of(Tensor.of(3.0, -5.0, 1.0, Double.NaN)));
    assertThat(clipped.get(0).toDoubles()).containsExactly(2, -2, 1, Double.NaN);
    assertThat(Clipping.none().apply(clipped)).isSameAs(clipped);
  }

  @Test
  void maxNormBoundsTheWeightsOfANeuron() {
    MaxNorm bound = new MaxNorm(5);
    Tensor dense = bound.constrain(Tensor.of(6.0, 1.0, 8.0, 2.0).reshape(2, 2));
    assertThat(dense.toDoubles()).containsExactly(new double[] {3, 1, 4, 2}, within(1e-12));
    Tensor kernel = bound.constrain(Tensor.of(6.0, 8.0, 1.0, 2.0).reshape(2, 1, 2));
    assertThat(kernel.toDoubles()).containsExactly(new double[] {3, 4, 1, 2}, within(1e-12));
    Tensor weight = Tensor.parameter("w", NDArray.of(new double[] {6, 8}, Shape.of(2, 1)));
    Tensor bias = Tensor.parameter("b", NDArray.of(new double[] {60}, Shape.of(1)));
    List<Update> updates = new ArrayList<>();
    updates.add(new Update(weight.variable(), weight));
    updates.add(new Update(bias.variable(), bias));
    Program.compile(List.of(), bound.apply(updates, List.of(weight, bias))).run(Feed.none());
    assertThat(weight.variable().value().toDoubles())
        .containsExactly(new double[] {3, 4}, within(1e-12));
    assertThat(bias.variable().value().toDoubles()).containsExactly(60);
  }

  @Test
  void correctionsKeepTheirDigits() {
    Tensor step = Tensor.scalar(DType.F32, 1);
    float correction = Rule.correction(0.999, Rule.exact(step)).cast(DType.F32).toFloats()[0];
    assertThat(correction).isEqualTo(0.001f);
  }

  @Test
  void mistakesAreRefused() {
    Tensor p = Tensor.parameter("0/weight", DType.F32, Shape.of(2));
    Tensor rate = Tensor.input("rate", DType.F32, Shape.SCALAR);
    assertRefused(
        () -> new Sgd().updates(List.of(p), List.of(), rate, rate, new Slots()),
        "[sgd] 1 parameters have 0 gradients; one for each is needed");
    assertRefused(
        () -> new Sgd().updates(List.of(p), List.of(rate), rate, rate, new Slots()),
        "[sgd] the gradient of 0/weight F32 [2] is F32 []; it must have the parameter's type and"
            + " shape");
    assertRefused(
        () -> new Adam().updates(List.of(p), List.of(p), p, rate, new Slots()),
        "[adam] the learning rate must be a floating scalar, found F32 [2]");
    assertRefused(
        () -> new Adam().updates(List.of(p), List.of(p), rate, rate, Slots.restored(Map.of())),
        "[optimizer] the checkpoint has no slot \"first/0/weight\", but F32 [2] is needed; it"
            + " belongs to another optimiser or model");
    assertRefused(
        () -> new Sgd(-0.1), "[sgd] momentum is -0.1; it must be at least 0 and less than 1");
    assertRefused(
        () -> new Sgd(0, 0, true, 0),
        "[sgd] Nesterov's form has momentum 0.0 and dampening 0.0; it needs momentum larger than 0"
            + " and dampening 0");
    assertRefused(
        () -> new Adam(0.9, 1, 1e-8, 0, false),
        "[adam] beta2 is 1.0; it must be at least 0 and less than 1");
    assertRefused(
        () -> new MaxNorm(0), "[max norm] limit is 0.0; it must be larger than 0, and finite");
  }

  private static void assertRefused(Runnable mistake, String message) {
    assertThatThrownBy(mistake::run)
        .isInstanceOf(CajalException.class)
        .satisfies(
            e ->
                assertThat(String.valueOf(e.getMessage()).split(" \\(built at", -1)[0])
                    .isEqualTo(message));
  }
}
