package org.cajal.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.Shape;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What operations say when they refuse their inputs: the exact text, and where the graph was built.
 */
final class RefusalTest {
  private static Node x(DType type, int... dims) {
    return Node.of(new Input("x", type, Shape.of(dims)));
  }

  private static Node f(int... dims) {
    return x(DType.F32, dims);
  }

  private static Window window(int kernel, int stride) {
    return new Window(List.of(kernel), List.of(stride), List.of(0), List.of(0), List.of(1));
  }

  private static Map<String, Supplier<Node>> refused() {
    Map<String, Supplier<Node>> out = new LinkedHashMap<>();
    out.put("[exp] needs F32 or F64, found I32; cast it first", () -> x(DType.I32, 2).exp());
    out.put("[negate] needs numbers, found BOOL; cast it first", () -> x(DType.BOOL, 2).negate());
    out.put(
        "[add] element types differ: F32 and F64; cast one of them",
        () -> f(2).add(x(DType.F64, 2)));
    out.put("[add] shapes differ: [2] and [3]", () -> f(2).add(f(3)));
    out.put(
        "[compare] needs numbers, found BOOL; cast it first",
        () -> x(DType.BOOL, 2).less(x(DType.BOOL, 2)));
    out.put("[select] the condition must be BOOL, found F32", () -> Node.select(f(2), f(2), f(2)));
    out.put(
        "[sum] needs numbers, found BOOL; cast it first", () -> x(DType.BOOL, 2).sum(List.of(0)));
    out.put(
        "[max] axis 1 of shape [3, 0] is empty; there is nothing to choose from",
        () -> Node.of(new Max(List.of(1)), f(3, 0)));
    out.put(
        "[min] axis 0 of shape [0] is empty; there is nothing to choose from",
        () -> Node.of(new Min(List.of(0)), f(0)));
    out.put(
        "[argmax] axis 1 of shape [3, 0] is empty; there is nothing to choose from",
        () -> Node.of(new ArgMax(1), f(3, 0)));
    out.put("[reshape] [2, 3] has 6 elements, [4] has 4", () -> f(2, 3).reshape(Shape.of(4)));
    out.put(
        "[transpose] [0, 0] is not an order of the 2 axes of [2, 3]",
        () -> Node.of(new Transpose(List.of(0, 0)), f(2, 3)));
    out.put(
        "[transpose] [1, 0] is not an order of the 3 axes of [2, 3, 4]",
        () -> Node.of(new Transpose(List.of(1, 0)), f(2, 3, 4)));
    out.put(
        "[broadcast] [2, 3] does not broadcast to [2, 4]; only axes of size 1 and new leading axes"
            + " can be repeated",
        () -> f(2, 3).broadcast(Shape.of(2, 4)));
    out.put(
        "[slice] start [1], size [3], step [2] leave the shape [4]",
        () -> Node.of(new Slice(List.of(1), List.of(3), List.of(2)), f(4)));
    out.put(
        "[pad] before [-1], after [0], between [0] do not fit the shape [4]; one number of at least"
            + " 0 is needed for each axis",
        () -> Node.of(new Pad(List.of(-1), List.of(0), List.of(0), 0), f(4)));
    out.put("[concatenate] nothing to join", () -> Node.of(new Concatenate(0), List.of()));
    out.put(
        "[concatenate] shapes [2, 3] and [2, 4] differ off axis 0",
        () -> Node.of(new Concatenate(0), f(2, 3), f(2, 4)));
    out.put(
        "[flip] axis 2 is out of range for shape [2, 3]; allowed are -2 to 1",
        () -> Node.of(new Flip(List.of(2)), f(2, 3)));
    out.put(
        "[matmul] inner dimensions differ: [2, 3] × [4, 5]",
        () -> Node.of(new MatMul(), f(2, 3), f(4, 5)));
    out.put(
        "[matmul] batch axes differ: [2, 3, 4] × [3, 4, 5]",
        () -> Node.of(new MatMul(), f(2, 3, 4), f(3, 4, 5)));
    out.put(
        "[convolution] channels do not fit: x [1, 3, 8], weight [2, 4, 3], groups 1; weight must be"
            + " [multiple of groups, C/groups, ...]",
        () -> Node.of(new Convolution(window(3, 1), 1), f(1, 3, 8), f(2, 4, 3)));
    out.put(
        "[convolution] the weight [2, 3, 5] has not the kernel [3]",
        () -> Node.of(new Convolution(window(3, 1), 1), f(1, 3, 8), f(2, 3, 5)));
    out.put(
        "[convolution] the kernel [9] is larger than the padded input [1, 3, 8]",
        () -> Node.of(new Convolution(window(9, 1), 1), f(1, 3, 8), f(2, 3, 9)));
    out.put(
        "[convolution] needs x [N, C, 1 spatial axes] and weight [O, C/groups, kernel], found [3,"
            + " 8] and [2, 3, 3]",
        () -> Node.of(new Convolution(window(3, 1), 1), f(3, 8), f(2, 3, 3)));
    out.put(
        "[windowsum] the window [9] is larger than the padded input [1, 3, 8]",
        () -> Node.of(new WindowSum(window(9, 1)), f(1, 3, 8)));
    out.put(
        "[windowargmax] needs [N, C, 1 spatial axes], found [3, 8]",
        () -> Node.of(new WindowArgMax(window(2, 1)), f(3, 8)));
    out.put(
        "[gather] the index must be I32 or I64, found F32",
        () -> Node.of(new Gather(0), f(2), f(2)));
    out.put(
        "[gather] x [2, 3] and index [4, 5] do not share 1 leading axes",
        () -> Node.of(new Gather(1), f(2, 3), x(DType.I32, 4, 5)));
    out.put(
        "[scatteradd] x [5], index [2] and source [3] do not fit with 0 leading axes",
        () -> Node.of(new ScatterAdd(0), f(5), x(DType.I64, 2), f(3)));
    out.put(
        "[randombits] the key must be I32 [2], found F32 [2]",
        () -> Node.of(new RandomBits(Shape.of(3), 0), f(2)));
    out.put(
        "[region] needs a value, 1 arguments and as many derivatives, found 2 inputs",
        () -> Node.of(new Region("f", 1), f(2), f(2)));
    out.put(
        "[region] f: argument [2] and derivative [3] differ in shape",
        () -> Node.of(new Region("f", 1), f(2), f(2), f(3)));
    return out;
  }

  @TestFactory
  Stream<DynamicTest> refusalsAreWorded() {
    return refused().entrySet().stream()
        .map(
            e ->
                DynamicTest.dynamicTest(
                    e.getKey(),
                    () -> {
                      CajalException refusal =
                          catchThrowableOfType(CajalException.class, () -> e.getValue().get());
                      assertThat(refusal).as("accepted").isNotNull();
                      assertThat(refusal.getMessage())
                          .matches(".* \\(built at RefusalTest\\.java:\\d+\\)");
                      assertThat(refusal.getMessage().replaceFirst(" \\(built at .*\\)$", ""))
                          .isEqualTo(e.getKey());
                    }));
  }
}
