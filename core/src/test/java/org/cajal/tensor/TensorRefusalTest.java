package org.cajal.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.cajal.op.Variable;
import org.cajal.op.Window;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.Shape;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What tensors say when they refuse arguments: the exact text, and where the graph was built. */
final class TensorRefusalTest {
  private static Tensor f(int... dims) {
    return Tensor.input("x", DType.F32, Shape.of(dims));
  }

  private static Map<String, Supplier<Object>> refused() {
    Map<String, Supplier<Object>> out = new LinkedHashMap<>();
    out.put(
        "[add] shapes do not broadcast: [2, 3] and [4] (sizes 3 and 4 at axis -1; equal sizes or 1"
            + " are allowed)",
        () -> f(2, 3).plus(f(4)));
    out.put(
        "[multiply] element types differ: F32 [2] and F64 [2]; cast one of them",
        () -> f(2).times(Tensor.input("y", DType.F64, Shape.of(2))));
    out.put("[variable] not a parameter or state but input", () -> f(2).variable());
    out.put(
        "[sum] axis 2 is out of range for shape [2, 3]; allowed are -2 to 1", () -> f(2, 3).sum(2));
    out.put("[sum] axis -1 of shape [2, 3] is named twice", () -> f(2, 3).sum(1, -1));
    out.put("[norm] p = -1.0 is not allowed; it must be 0 or larger", () -> f(2).norm(-1));
    out.put(
        "[softmax] axis 3 is out of range for shape [2]; allowed are -1 to 0",
        () -> f(2).softmax(3));
    out.put(
        "[reshape] [-1, -1] has more than one −1; at most one size can be inferred",
        () -> f(2, 3).reshape(-1, -1));
    out.put(
        "[reshape] [2, 3] has 6 elements, which [4, -1] cannot hold", () -> f(2, 3).reshape(4, -1));
    out.put("[transpose] [0] names 1 axes, the shape [2, 3] has 2", () -> f(2, 3).transpose(0));
    out.put("[expanddims] axis 3 is out of range for shape [2]", () -> f(2).expandDims(3));
    out.put("[flatten] start 2 is after end 1 in shape [2, 3, 4]", () -> f(2, 3, 4).flatten(2, 1));
    out.put("[squeeze] axis 0 of shape [2, 1] has not size 1", () -> f(2, 1).squeeze(0));
    out.put(
        "[slice] step 0 is not allowed; it must be at least 1 (use flip to reverse)",
        () -> f(4).slice(0, 0, 4, 0));
    out.put("[select] index 4 is out of range for axis 0 of shape [4]", () -> f(4).select(0, 4));
    out.put("[split] sizes [1, 2] do not fill axis 0 of shape [4]", () -> f(4).split(0, 1, 2));
    out.put("[concatenate] nothing to join", () -> Tensor.concatenate(0, List.of()));
    out.put("[stack] nothing to join", () -> Tensor.stack(0, List.of()));
    out.put("[stack] shapes differ: [2] and [3]", () -> Tensor.stack(0, List.of(f(2), f(3))));
    out.put("[matmul] inner dimensions differ: [2, 3] × [4, 5]", () -> f(2, 3).matmul(f(4, 5)));
    out.put("[matmul] scalars have no matrix product: [] × [2]", () -> f().matmul(f(2)));
    out.put(
        "[gradients] needs a floating scalar, found F32 [2]; reduce it first, or give a seed",
        () -> Gradients.of(f(2)));
    out.put(
        "[gradients] the seed F32 [3] does not fit the output F32 [2]",
        () -> Gradients.of(f(2), f(3)));
    out.put(
        "[gradients] no gradient for I32 [2]; only F32 and F64 have one",
        () -> Gradients.of(f()).withRespectTo(Tensor.of(1, 2)));
    out.put(
        "[update] v F32 [2] cannot take F32 [3]",
        () -> new Update(new Variable("v", DType.F32, Shape.of(2)), f(3)));
    functions(out);
    movement(out);
    windows(out);
    return out;
  }

  private static void functions(Map<String, Supplier<Object>> out) {
    out.put(
        "[prelu] the weight [3] does not fit x [2, 4]; it must have one element, or one for each"
            + " channel on axis 1",
        () -> Functions.prelu(f(2, 4), f(3)));
    out.put(
        "[glu] axis -1 of shape [2, 3] is odd; it must split into two halves",
        () -> Functions.glu(f(2, 3), -1));
    out.put(
        "[maxout] axis 1 of [2, 5] does not split into pieces of 2",
        () -> Functions.maxout(f(2, 5), 2, Functions.MaxoutLayout.STRIDED));
    out.put(
        "[topk] k = 5 is out of range for axis 0 of shape [4]",
        () -> Reductions.topK(f(4), 5, 0, true));
    out.put("[dot] lengths differ: [2] and [3]", () -> LinearAlgebra.dot(f(2), f(3)));
    out.put("[dot] needs vectors, found shape [2, 3]", () -> LinearAlgebra.dot(f(2, 3), f(3)));
    out.put("[trace] needs a matrix, found shape [2]", () -> LinearAlgebra.trace(f(2)));
    out.put(
        "[einsum] \"ij,jk->ik\": 2 operands are described, 1 were given",
        () -> Einsum.of("ij,jk->ik", f(2, 3)));
    out.put(
        "[einsum] \"ij->i\": \"ij\" does not fit an operand of shape [2]",
        () -> Einsum.of("ij->i", f(2)));
    out.put(
        "[einsum] \"ij,jk->ik\": the index 'j' has sizes 3 and 4",
        () -> Einsum.of("ij,jk->ik", f(2, 3), f(4, 5)));
    out.put(
        "[einsum] \"ij->ik\": the result's index 'k' occurs in no operand",
        () -> Einsum.of("ij->ik", f(2, 3)));
    out.put(
        "[einsum] \"ij->ii\": an index occurs twice in the result",
        () -> Einsum.of("ij->ii", f(2, 3)));
    out.put(
        "[einsum] \"i1->i\": '1' is no index; letters, commas, \"...\" and \"->\" are allowed",
        () -> Einsum.of("i1->i", f(2, 3)));
    out.put(
        "[einsum] \"ii->i\": the index 'i' has sizes 2 and 3", () -> Einsum.of("ii->i", f(2, 3)));
    out.put(
        "[hessianvector] 1 tensors and 0 vectors were given; one for each is needed",
        () -> Derivatives.hessianVector(f(), List.of(f(2)), List.of()));
    out.put(
        "[jacobianvector] the vector F32 [3] does not fit F32 [2]",
        () -> Derivatives.jacobianVector(f(), f(2), f(3)));
  }

  private static void movement(Map<String, Supplier<Object>> out) {
    out.put(
        "[tile] [2] does not fit shape [2, 3]; one number of at least 0 is needed for each axis",
        () -> Movement.tile(f(2, 3), 2));
    out.put(
        "[repeatinterleave] repeats = -1 is negative",
        () -> Movement.repeatInterleave(f(2), -1, 0));
    out.put("[tril] needs at least two axes, found shape [2]", () -> Movement.tril(f(2), 0));
    out.put(
        "[diagonal] needs a vector or a matrix, found shape [2, 3, 4]",
        () -> Movement.diagonal(f(2, 3, 4), 0));
    out.put(
        "[gatheralong] index [3, 3] does not fit shape [2, 3]; it must have as many axes and, but"
            + " for axis 1, be no larger",
        () -> Movement.gatherAlong(f(2, 3), Tensor.zeros(DType.I32, Shape.of(3, 3)), 1));
    out.put(
        "[scatteraddalong] index [2] and source [3] differ in shape",
        () -> Movement.scatterAddAlong(f(4), Tensor.of(0, 1), f(3), 0));
    out.put(
        "[indexadd] index [2] and source [3] do not fit axis 0 of x [4]",
        () -> Movement.indexAdd(f(4), Tensor.of(0, 1), f(3), 0));
    out.put(
        "[pad] [3, 0] around axis 0 of shape [3] is not possible in mode REFLECT; each may be 0 to"
            + " 2",
        () -> Movement.pad(f(3), List.of(3), List.of(0), Movement.PadMode.REFLECT));
    out.put(
        "[pad] [0, 4] around axis 0 of shape [3] is not possible in mode CIRCULAR; each may be 0 to"
            + " 3",
        () -> Movement.pad(f(3), List.of(0), List.of(4), Movement.PadMode.CIRCULAR));
    out.put(
        "[pad] cutting 2 and 2 off axis 0 of shape [3] leaves less than nothing",
        () -> Movement.padOrCrop(f(3), List.of(-2), List.of(-2), 0));
    out.put(
        "[pad] before [1] and after [1, 2] do not fit shape [3, 4]; one number is needed for each"
            + " axis",
        () -> Movement.padOrCrop(f(3, 4), List.of(1), List.of(1, 2), 0));
  }

  private static void windows(Map<String, Supplier<Object>> out) {
    int[] two = {2};
    Window window = Windows.of(two, two, new int[1], new int[] {1});
    out.put(
        "[window] stride [0] is not allowed; needed are 1 numbers of at least 1",
        () -> Windows.of(two, new int[1], new int[1], two));
    out.put(
        "[window] padding [1, 1] is not allowed; needed are 1 numbers of at least 0",
        () -> Windows.of(two, two, new int[] {1, 1}, two));
    out.put(
        "[convolution] the bias [3] does not fit the 4 output channels",
        () -> Convolutions.convolution(f(1, 2, 8), f(4, 2, 2), f(3), window, 1));
    out.put(
        "[transposedconvolution] output padding [2] must be 0 or more and less than the stride [2]",
        () ->
            Convolutions.transposedConvolution(
                f(1, 2, 8), f(2, 4, 2), null, window, List.of(2), 1));
    out.put(
        "[maxpool] the window [2] is larger than the padded input [1, 2, 1]",
        () -> Pooling.max(f(1, 2, 1), window, false));
    out.put(
        "[averagepool] a window along axis 2 of [1, 1, 3] sees nothing but padding; use at most"
            + " half a window of padding",
        () ->
            Pooling.average(
                f(1, 1, 3), Windows.of(two, two, new int[] {2}, new int[] {1}), false, true));
    out.put(
        "[adaptiveaveragepool] size [0] is not possible for x [1, 1, 3]; both must be at least 1",
        () -> Pooling.adaptiveAverage(f(1, 1, 3), List.of(0)));
    out.put(
        "[nearest] size [3, 3] does not fit x [1, 1, 3]; give one size of at least 1 for each"
            + " spatial axis",
        () -> Resampling.nearest(f(1, 1, 3), List.of(3, 3)));
    out.put(
        "[pixelshuffle] x [1, 3, 2, 2] does not fit factor 2; needed is [N, C · factor², H, W]",
        () -> Resampling.pixelShuffle(f(1, 3, 2, 2), 2));
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
                          .matches(".* \\(built at TensorRefusalTest\\.java:\\d+\\)");
                      assertThat(refusal.getMessage().replaceFirst(" \\(built at .*\\)$", ""))
                          .isEqualTo(e.getKey());
                    }));
  }
}
