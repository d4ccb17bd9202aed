package org.cajal.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.cajal.op.Node;
import org.cajal.op.ScatterAdd;
import org.cajal.op.Variable;
import org.cajal.run.Executable;
import org.cajal.run.Execution;
import org.cajal.run.Interpreter;
import org.cajal.run.simd.WideScatterAdd;
import org.cajal.tensor.Convolutions;
import org.cajal.tensor.Functions;
import org.cajal.tensor.Gradients;
import org.cajal.tensor.Tensor;
import org.cajal.tensor.Windows;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the compiler promises beyond equality with the interpreter: the order of updates, memory,
 * fusion, empty shapes.
 */
class CompilerTest {
  private static Tensor parameter(String name, float... values) {
    return Tensor.parameter(name, NDArray.of(values, Shape.of(values.length)));
  }

  private static Executable updates(List<Tensor> outputs, Tensor... pairs) {
    Map<Variable, Node> updates = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      updates.put(pairs[i].variable(), pairs[i + 1].node());
    }
    return Compiler.compile(outputs.stream().map(Tensor::node).toList(), updates);
  }

  /** Runs once; what is given is fed to every input. */
  private static List<NDArray> run(Executable executable, NDArray... fed) {
    Execution execution = new Execution(executable);
    execution.feed(name -> fed[0]);
    execution.run();
    return execution.outputs();
  }

  @Test
  void updatesSeeTheValuesFromBeforeTheRun() {
    Tensor a = parameter("a", 1, 2);
    Tensor b = parameter("b", 3, 4);
    Tensor c = parameter("c", 5, 6);
    run(updates(List.of(), a, b, b, c, c, a.flip(0)));
    assertThat(a.variable().value().toFloats()).containsExactly(3, 4);
    assertThat(b.variable().value().toFloats()).containsExactly(5, 6);
    assertThat(c.variable().value().toFloats()).containsExactly(2, 1);
  }

  @Test
  void updatesThatReadOneAnotherAtOtherPlaces() {
    Tensor a = parameter("a", 1, 2, 3);
    Tensor b = parameter("b", 10, 20, 30);
    run(updates(List.of(), a, b.flip(0).plus(a), b, a.flip(0).plus(b)));
    assertThat(a.variable().value().toFloats()).containsExactly(31, 22, 13);
    assertThat(b.variable().value().toFloats()).containsExactly(13, 22, 31);
  }

  @Test
  void anOutputKeepsTheOldValueOfAnUpdatedVariable() {
    Tensor a = parameter("a", 1, 2);
    Tensor next = a.plus(1);
    List<NDArray> results = run(updates(List.of(a, next, a.reshape(2, 1)), a, next));
    assertThat(results.get(0).toFloats()).containsExactly(1, 2);
    assertThat(results.get(1).toFloats()).containsExactly(2, 3);
    assertThat(results.get(2).toFloats()).containsExactly(1, 2);
    assertThat(a.variable().value().toFloats()).containsExactly(2, 3);
  }

  @Test
  void aReductionOfTheOldValueComesBeforeItsUpdate() {
    Tensor a = parameter("a", 1, 2, 3);
    run(updates(List.of(), a, a.dividedBy(a.sum())));
    assertThat(a.variable().value().toFloats()).containsExactly(1 / 6f, 2 / 6f, 3 / 6f);
  }

  @Test
  void softmaxIsOneNest() {
    Tensor x = Tensor.input("x", DType.F32, Shape.of(7, 33));
    Executable program = updates(List.of(x.softmax(1)));
    assertThat(program.schedule()).hasSize(1);
  }

  @Test
  void anAdamStepIsOneNestForEachParameter() {
    Tensor w = Tensor.parameter("w", DType.F32, Shape.of(5, 4));
    Tensor m = Tensor.parameter("m", DType.F32, Shape.of(5, 4));
    Tensor v = Tensor.parameter("v", DType.F32, Shape.of(5, 4));
    Tensor g = Tensor.input("g", DType.F32, Shape.of(5, 4));
    Tensor m2 = m.times(0.9).plus(g.times(0.1));
    Tensor v2 = v.times(0.999).plus(g.square().times(0.001));
    Executable program =
        updates(List.of(), m, m2, v, v2, w, w.minus(m2.dividedBy(v2.sqrt().plus(1e-8))));
    assertThat(program.schedule()).hasSize(1);
  }

  private static long slabOfAChain(int size) {
    Tensor x = Tensor.input("x", DType.F32, Shape.of(size, size));
    Tensor y = x;
    for (int i = 0; i < 20; i++) {
      y = y.matmul(x);
    }
    return updates(List.of(y)).slabBytes();
  }

  @Test
  void memoryOfAChainIsThatOfTwoBuffers() {
    long buffer = 32 * 32 * 4;
    assertThat(slabOfAChain(32)).isLessThan((long) (2.5 * buffer));
  }

  @Test
  void aTransposedProductIsOneKernel() {
    Tensor a = Tensor.input("a", DType.F32, Shape.of(3, 5, 7));
    Tensor b = a.swapAxes(-1, -2);
    assertThat(updates(List.of(a.matmul(b).exp().matmul(a).swapAxes(-1, -2))).schedule())
        .hasSize(3);
  }

  @Test
  void aLargeValueOfOneOperandIsComputedAgain() {
    Tensor x = Tensor.input("x", DType.F32, Shape.of(1024, 4));
    Tensor w = Tensor.parameter("w", NDArray.zeros(DType.F32, Shape.of(4, 256)));
    Tensor v = Tensor.parameter("v", NDArray.zeros(DType.F32, Shape.of(256, 64)));
    Tensor loss = Functions.gelu(x.matmul(w)).matmul(v).square().sum();
    List<Tensor> gradients = Gradients.of(loss).withRespectTo(List.of(w, v));
    // The product, its GELU and the gradient of that; not the error function.
    assertThat(updates(gradients).aliveBytes()).isLessThan(4L * 1024 * 256 * 4);
  }

  @Test
  void aSharedMatrixOfSomeSizeHasPanelsBesides() {
    long buffer = 64 * 64 * 4;
    assertThat(slabOfAChain(64)).isBetween(3 * buffer, (long) (3.5 * buffer));
  }

  @Test
  void aProgramThatNeedsMoreMemoryThanThereIsIsRefused() {
    Tensor x = Tensor.input("x", DType.F32, Shape.of(500_000, 1));
    assertThatExceptionOfType(CajalException.class)
        .isThrownBy(() -> updates(List.of(x.matmul(x.transpose()).sum(0))))
        .withMessageStartingWith("[program] a run needs 953,67")
        .withMessageContaining(
            String.format(
                Locale.ROOT,
                " MB of memory beside 1 MB of inputs and variables, the JVM may use %,d MB; use a"
                    + " smaller batch or smaller shapes, or start Java with a larger -Xmx",
                Runtime.getRuntime().maxMemory() >> 20));
  }

  @Test
  void inputsAreCountedToo() {
    int rows = Math.toIntExact(Runtime.getRuntime().maxMemory() * 6 / 10 / 4 / 1000);
    Tensor x = Tensor.input("x", DType.F32, Shape.of(rows, 1000));
    assertThat(updates(List.of(x.sum())).slabBytes()).isLessThan(1 << 20);
    assertThatExceptionOfType(CajalException.class)
        .isThrownBy(() -> updates(List.of(x.exp())))
        .withMessageContaining(" MB of memory beside ")
        .withMessageContaining(" MB of inputs and variables, the JVM may use ");
  }

  @Test
  void emptyShapes() {
    Tensor x = Tensor.input("x", DType.F32, Shape.of(0, 3));
    NDArray nothing = NDArray.zeros(DType.F32, Shape.of(0, 3));
    List<NDArray> results =
        run(
            updates(
                List.of(
                    x.exp(),
                    x.sum(0),
                    x.sum(),
                    x.matmul(Tensor.ones(DType.F32, Shape.of(3, 2))),
                    x.transpose())),
            nothing);
    Tensor joined = Tensor.concatenate(0, List.of(x, x)).times(2);
    assertThat(run(updates(List.of(joined, x.transpose().reshape(0, 7))), nothing).get(1).shape())
        .isEqualTo(Shape.of(0, 7));
    List<Shape> shapes = new ArrayList<>();
    results.forEach(r -> shapes.add(r.shape()));
    assertThat(shapes)
        .containsExactly(Shape.of(0, 3), Shape.of(3), Shape.SCALAR, Shape.of(0, 2), Shape.of(3, 0));
    assertThat(results.get(1).toFloats()).containsExactly(0, 0, 0);
    assertThat(results.get(2).scalar()).isZero();
  }

  @Test
  void anExpressionTooLongForOneMethodIsCut() {
    Tensor x = Tensor.input("x", DType.F32, Shape.of(40));
    Tensor y = x;
    for (int i = 0; i < 12; i++) {
      y =
          y.plus(x.slice(0, i, i + 1).times(0.01 * i))
              .erf()
              .plus(y.power(x.abs().plus(1.5 + i)).times(0.001));
    }
    float[] values = new float[40];
    for (int i = 0; i < 40; i++) {
      values[i] = i / 40f;
    }
    NDArray fed = NDArray.of(values, Shape.of(40));
    float[] found = run(updates(List.of(y)), fed).get(0).toFloats();
    double[] truth = Interpreter.evaluateExact(List.of(y.node()), name -> fed).get(0);
    for (int i = 0; i < 40; i++) {
      assertThat((double) found[i]).isCloseTo(truth[i], Offset.offset(1e-5));
    }
  }

  @Test
  void fiveThousandNodesCompile() {
    Tensor x = Tensor.input("x", DType.F32, Shape.of(4, 8));
    Tensor w = Tensor.parameter("w", DType.F32, Shape.of(8, 8));
    Tensor h = x;
    for (int i = 0; i < 600; i++) {
      h = h.matmul(w).plus(x).tanh().times(0.5);
    }
    Executable program = updates(List.of(h.sum()));
    assertThat(program.schedule()).hasSizeBetween(1200, 1400);
  }

  @Test
  void productsWithManyRowsOfASmallTableMultiplyTheTable() {
    // [batch, time] indices, time first afterwards, as an embedding before a recurrent layer.
    int words = 5;
    Tensor table = Tensor.input("table", DType.F32, Shape.of(words, 3));
    Tensor weight = Tensor.input("weight", DType.F32, Shape.of(3, 7));
    int[] indices = new int[4 * 6];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = i * i % words;
    }
    Tensor index = Tensor.of(indices).reshape(4, 6);
    Tensor rows = table.take(index, 0).transpose(1, 0, 2).flatten(0, 1);
    Tensor loss = rows.matmul(weight).tanh().square().sum();
    List<Tensor> gradients = Gradients.of(loss).withRespectTo(List.of(table, weight));
    List<Node> outputs = List.of(loss.node(), gradients.get(0).node(), gradients.get(1).node());
    Executable program = Compiler.compile(outputs, Map.of());
    assertThat(kernels(program))
        .filteredOn(name -> name.startsWith("product"))
        .containsExactlyInAnyOrder("product [] 5x3x7", "product [] 3x5x7", "product [] 5x7x3");
    agrees(
        outputs,
        program,
        Map.of("table", ramp(Shape.of(words, 3)), "weight", ramp(Shape.of(3, 7))));
  }

  @Test
  void theSumOfRowsThatAreAddedByIndexIsThatOfTheirSums() {
    Tensor table = Tensor.input("table", DType.F32, Shape.of(5, 3));
    Tensor weight = Tensor.input("weight", DType.F32, Shape.of(3, 7));
    Tensor bias = Tensor.input("bias", DType.F32, Shape.of(7));
    int[] indices = new int[24];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = i * i % 5;
    }
    Tensor rows = table.take(Tensor.of(indices), 0);
    Tensor loss = rows.matmul(weight).plus(bias).tanh().square().sum();
    List<Node> outputs =
        Gradients.of(loss).withRespectTo(List.of(weight, bias)).stream().map(Tensor::node).toList();
    Executable program = Compiler.compile(outputs, Map.of());
    assertThat(kernels(program)).contains("loop [7, 5]").doesNotContain("loop [7, 24]");
    agrees(
        outputs,
        program,
        Map.of(
            "table", ramp(Shape.of(5, 3)),
            "weight", ramp(Shape.of(3, 7)),
            "bias", ramp(Shape.of(7))));
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F32", "F64"})
  void longRowsAreReadByIndexWhereTheyLie(DType type) {
    Tensor table = Tensor.input("table", type, Shape.of(5, 2, 100));
    Tensor index = Tensor.input("index", DType.I32, Shape.of(3, 4));
    Tensor taken = table.take(index, 0);
    Tensor slices = taken.slice(1, 1, 4).slice(3, 10, 90).times(2);
    List<Node> outputs =
        List.of(
            taken.plus(1).node(),
            slices.node(),
            taken.sum(3).node(),
            taken.softmax(-1).node(),
            taken.transpose(1, 0, 2, 3).plus(3).node());
    Executable program = Compiler.compile(outputs, Map.of());
    // Those of the index and of the transposed index.
    assertThat(kernels(program)).noneMatch(name -> name.startsWith("gather"));
    assertThat(kernels(program)).filteredOn("row offsets 12 of 5"::equals).hasSize(2);
    agrees(
        outputs,
        program,
        Map.of(
            "table", ramp(Shape.of(5, 2, 100)).cast(type),
            "index", NDArray.of(new int[] {0, 4, 1, 1, 2, 3, 0, 0, 4, 2, 1, 3}, Shape.of(3, 4))));
  }

  @Test
  void rowsThatAreReadAcrossAreGathered() {
    Tensor table = Tensor.input("table", DType.F32, Shape.of(5, 100));
    Tensor index = Tensor.input("index", DType.I32, Shape.of(20));
    List<Node> outputs = List.of(table.take(index, 0).transpose().plus(1).node());
    Executable program = Compiler.compile(outputs, Map.of());
    assertThat(kernels(program)).anyMatch(name -> name.startsWith("gather"));
    agrees(
        outputs,
        program,
        Map.of(
            "table", ramp(Shape.of(5, 100)),
            "index", NDArray.zeros(DType.I32, Shape.of(20))));
  }

  @Test
  void aRowThatIsNotThereIsNamed() {
    Tensor table = Tensor.input("table", DType.F32, Shape.of(5, 100));
    Tensor index = Tensor.input("index", DType.I32, Shape.of(2));
    Execution execution = new Execution(updates(List.of(table.take(index, 0).plus(1))));
    execution.feed(
        name ->
            name.equals("table")
                ? ramp(Shape.of(5, 100))
                : NDArray.of(new int[] {4, 5}, Shape.of(2)));
    assertThatExceptionOfType(CajalException.class)
        .isThrownBy(execution::run)
        .withMessage("[gather] index 5 is out of range for an axis of size 5");
  }

  @Test
  void aTableWhoseRowsAreReadByIndexIsUpdated() {
    Tensor table = Tensor.parameter("table", ramp(Shape.of(5, 100)));
    float[] before = table.variable().value().toFloats();
    Tensor rows = table.take(Tensor.of(new int[] {4, 0, 0, 2, 1}), 0);
    List<NDArray> found = run(updates(List.of(rows.times(2)), table, rows.plus(table)));
    float[] after = table.variable().value().toFloats();
    int[] order = {4, 0, 0, 2, 1};
    for (int i = 0; i < 5; i++) {
      for (int j = 0; j < 100; j++) {
        float row = before[order[i] * 100 + j];
        assertThat(found.get(0).toFloats()[i * 100 + j]).isEqualTo(2 * row);
        assertThat(after[i * 100 + j]).isEqualTo(row + before[i * 100 + j]);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 12})
  void pointwiseConvolutionsAreProducts(int size) {
    Tensor x = Tensor.input("x", DType.F32, Shape.of(2, 3, size, size));
    Tensor w = Tensor.input("w", DType.F32, Shape.of(5, 3, 1, 1));
    Tensor y = Convolutions.convolution(x, w, null, Windows.of(1, 1), 1);
    List<Node> outputs = new ArrayList<>(List.of(y.node()));
    Gradients.of(y.square().sum())
        .withRespectTo(List.of(x, w))
        .forEach(gradient -> outputs.add(gradient.node()));
    Executable program = Compiler.compile(outputs, Map.of());
    assertThat(kernels(program))
        .filteredOn(name -> name.startsWith("product"))
        .hasSize(size == 7 ? 0 : 2);
    agrees(outputs, program, Map.of("x", ramp(x.shape()), "w", ramp(w.shape())));
  }

  @Test
  void convolutionsThatMoveOrAreCutAreNotPointwise() {
    Tensor x = Tensor.input("x", DType.F32, Shape.of(2, 4, 12, 12));
    int[] one = {1, 1};
    int[] two = {2, 2};
    int[] none = {0, 0};
    for (Tensor y :
        List.of(
            Convolutions.convolution(x, weight(6, 4), null, Windows.of(one, two, none, one), 1),
            Convolutions.convolution(x, weight(6, 4), null, Windows.of(one, one, one, one), 1),
            Convolutions.convolution(x, weight(6, 2), null, Windows.of(one, one, none, one), 2))) {
      List<Node> outputs = List.of(y.node());
      Executable program = Compiler.compile(outputs, Map.of());
      assertThat(kernels(program)).singleElement().asString().startsWith("convolution");
      Map<String, NDArray> fed =
          Map.of(
              "x",
              ramp(x.shape()),
              "w6x4",
              ramp(Shape.of(6, 4, 1, 1)),
              "w6x2",
              ramp(Shape.of(6, 2, 1, 1)));
      agrees(outputs, program, fed);
    }
  }

  private static Tensor weight(int out, int in) {
    return Tensor.input("w" + out + "x" + in, DType.F32, Shape.of(out, in, 1, 1));
  }

  private static List<String> kernels(Executable program) {
    return program.schedule().stream().map(s -> s.kernel().name()).toList();
  }

  private static void agrees(List<Node> outputs, Executable program, Map<String, NDArray> fed) {
    Execution execution = new Execution(program);
    execution.feed(fed::get);
    execution.run();
    List<NDArray> expected = Interpreter.evaluate(outputs, fed::get);
    for (int i = 0; i < outputs.size(); i++) {
      assertThat(execution.outputs().get(i).toDoubles())
          .containsExactly(expected.get(i).toDoubles(), Offset.offset(1e-5));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F32", "F64"})
  void wideRowsAreAddedByIndex(DType type) {
    int width = 320;
    Tensor base = Tensor.input("base", type, Shape.of(3, width));
    Tensor rows = Tensor.input("rows", type, Shape.of(5 * 40, width));
    int[] indices = new int[5 * 40];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = i * i % 3;
    }
    for (Tensor index : List.of(Tensor.of(indices), Tensor.of(indices).cast(DType.I64))) {
      Node sum = Node.of(new ScatterAdd(0), base.node(), index.node(), rows.node());
      Executable program = Compiler.compile(List.of(sum), Map.of());
      assertThat(program.schedule()).anyMatch(s -> s.kernel() instanceof WideScatterAdd);
      Map<String, NDArray> fed =
          Map.of(
              "base", ramp(Shape.of(3, width)).cast(type),
              "rows", ramp(Shape.of(5 * 40, width)).cast(type));
      Execution execution = new Execution(program);
      execution.feed(fed::get);
      execution.run();
      NDArray expected = Interpreter.evaluate(List.of(sum), fed::get).get(0);
      assertThat(execution.outputs().get(0).toDoubles())
          .containsExactly(expected.toDoubles(), Offset.offset(type == DType.F32 ? 1e-4 : 1e-12));
    }
  }

  private static NDArray ramp(Shape shape) {
    float[] values = new float[(int) shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = 0.1f * (i % 7) - 0.25f;
    }
    return NDArray.of(values, shape);
  }
}
