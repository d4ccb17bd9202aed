package org.cajal.testkit.golden;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Operations and their gradients against golden values: elementwise functions, reductions, linear
 * algebra, movement, convolution and pooling, each in both precisions.
 */
final class OperationGoldenTest {
  private static final GoldenReport SINGLE = new GoldenReport("operations, F32");
  private static final GoldenReport DOUBLE = new GoldenReport("operations, F64");

  /**
   * Operations whose reference gradients are not good to double precision: of expm1 it is e^x − 1 +
   * 1, and of hardsigmoid it has a sixth in single precision.
   */
  private static final Set<String> COARSE = Set.of("expm1", "hardsigmoid");

  @TestFactory
  Stream<DynamicTest> inSinglePrecision() {
    return files(DType.F32, SINGLE);
  }

  @TestFactory
  Stream<DynamicTest> inDoublePrecision() {
    return files(DType.F64, DOUBLE);
  }

  @AfterAll
  static void print() {
    GoldenTests.print(SINGLE);
    GoldenTests.print(DOUBLE);
  }

  private static Stream<DynamicTest> files(DType dtype, GoldenReport report) {
    GoldenMapping mapping = new GoldenMapping();
    for (String name : GoldenOperations.names()) {
      mapping.on(name, golden -> result(golden, dtype));
    }
    return Stream.of("01_elementwise", "02_reductions", "03_linalg", "04_movement", "05_conv")
        .flatMap(file -> GoldenTests.of(file + ".safetensors", mapping, report));
  }

  private static GoldenResult result(GoldenCase golden, DType dtype) {
    GoldenResult.Values result =
        (GoldenResult.Values)
            GoldenGraph.evaluate(
                golden,
                dtype,
                in ->
                    GoldenOperations.apply(
                        golden.op(), golden.args(), GoldenOperations.all(golden, in)));
    if (golden.op().equals("gelu") && golden.args().string("approximate").equals("tanh")) {
      return GoldenResult.of(
          dtype, settled(golden, result.values(), dtype == DType.F32 ? 2e-6 : 1e-14));
    }
    if (COARSE.contains(golden.op())) {
      Map<String, NDArray> single = new LinkedHashMap<>();
      result.values().forEach((role, value) -> single.put(role, value.cast(DType.F32)));
      return GoldenResult.of(DType.F32, single);
    }
    return result;
  }

  /**
   * The formula of gelu cancels far to the left, 1 + tanh: where nothing is left of the reference,
   * what is left here is rounding.
   */
  private static Map<String, NDArray> settled(
      GoldenCase golden, Map<String, NDArray> values, double noise) {
    Map<String, NDArray> out = new LinkedHashMap<>();
    values.forEach(
        (role, value) -> {
          NDArray expected = golden.expected(role);
          NDArray settled = value.copy();
          for (long i = 0; i < value.size(); i++) {
            if (expected.get(i) == 0 && Math.abs(value.get(i)) < noise) {
              settled.set(i, 0);
            }
          }
          out.put(role, settled);
        });
    return out;
  }
}
