package org.cajal.testkit.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.cajal.io.Safetensors;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GoldenFileTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void writeAGroupOfThreeCases() {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", "golden/1");
    metadata.put("group", "made up");
    metadata.put("cases", "[\"double\", \"double_bad\", \"other\"]");
    metadata.put(
        "case/double",
        "{\"op\":\"scale\",\"args\":{\"factor\":2.0,\"limit\":\"inf\",\"axes\":[0,1],\"axis\":null},"
            + "\"inputs\":[\"x\",\"index\"],\"outputs\":[\"out\",\"loss\"],\"grads\":[\"x\"],\"f32_err\":{\"out\":1e-6},\"f32_rel\":{\"out\":2e-6},\"note\":\"a"
            + " remark\"}");
    metadata.put(
        "case/double_bad", "{\"op\":\"scale\",\"args\":{},\"inputs\":[],\"expect\":\"error\"}");
    metadata.put(
        "case/other", "{\"op\":\"other\",\"args\":{},\"inputs\":[],\"outputs\":[],\"grads\":[]}");
    Map<String, NDArray> tensors = new LinkedHashMap<>();
    tensors.put("double/x", NDArray.of(new float[] {1, 3}, Shape.of(2)));
    tensors.put("double/index", NDArray.of(new long[] {1}, Shape.of(1)));
    tensors.put("double/out", NDArray.of(new double[] {2, 6}, Shape.of(2)));
    tensors.put("double/loss", NDArray.scalar(DType.F64, 8));
    tensors.put("double/probe", NDArray.of(new float[] {1, 1}, Shape.of(2)));
    tensors.put("double/grad.x", NDArray.of(new double[] {4, 4}, Shape.of(2)));
    tensors.put("double/grad_ok.x", NDArray.of(new long[] {1, 0}, Shape.of(2)));
    file = folder.resolve("made-up.safetensors");
    Safetensors.write(file, tensors, metadata);
  }

  private static GoldenResult answer(GoldenCase golden, double gradient) {
    if (!golden.hasInput("x")) {
      throw new CajalException("[scale] x is missing");
    }
    double factor = golden.args().number("factor");
    NDArray x = golden.input("x", DType.F64);
    double[] out = new double[2];
    double loss = 0;
    for (int i = 0; i < 2; i++) {
      out[i] = factor * x.get(i);
      loss += out[i];
    }
    return GoldenResult.of(
        DType.F64,
        Map.of(
            "out", NDArray.of(out, Shape.of(2)),
            "loss", NDArray.scalar(DType.F64, loss),
            "grad.x", NDArray.of(new double[] {gradient, -1}, Shape.of(2))));
  }

  @Test
  void aCaseTellsItsOperationArgumentsAndArrays() {
    GoldenFile golden = GoldenFile.open(file);
    assertThat(golden.group()).isEqualTo("made up");
    assertThat(golden.cases())
        .extracting(GoldenCase::name)
        .containsExactly("double", "double_bad", "other");
    GoldenCase first = golden.cases().getFirst();
    assertThat(first.op()).isEqualTo("scale");
    assertThat(first.args().number("limit")).isInfinite();
    assertThat(first.args().integers("axes")).containsExactly(0, 1);
    assertThat(first.args().has("axis")).isFalse();
    assertThat(first.input("x")).isEqualTo(NDArray.of(new float[] {1, 3}, Shape.of(2)));
    assertThat(first.input("x", DType.F64).dtype()).isEqualTo(DType.F64);
    assertThat(first.input("index", DType.F64).dtype()).isEqualTo(DType.I64);
    assertThat(first.roles()).containsExactly("out", "loss", "grad.x");
    assertThat(first.probe("out")).isPresent();
    assertThat(first.probe("loss")).isEmpty();
    assertThat(first.okMask("grad.x")).isPresent();
    assertThat(first.okMask("out")).isEmpty();
    assertThat(first.f32Err("out")).isEqualTo(1e-6);
    assertThat(first.f32Err("grad.x")).isZero();
    assertThat(first.f32Rel("grad.x")).isEmpty();
    assertThat(first.note()).isEqualTo("a remark");
    assertThat(first.expectError()).isFalse();
    assertThat(golden.cases().get(1).expectError()).isTrue();
    assertThat(golden.cases().get(1).roles()).isEmpty();
    assertThatThrownBy(() -> first.input("y"))
        .isInstanceOf(CajalException.class)
        .hasMessage("[golden] double has no input \"y\"; its inputs are x, index");
    assertThatThrownBy(() -> first.expected("y"))
        .hasMessage("[golden] double stores nothing under \"y\"");
  }

  @Test
  void toleranceFollowsFromWhatTheFileKnows() {
    GoldenCase first = GoldenFile.open(file).cases().getFirst();
    assertThat(first.tolerance("out", DType.F32)).isEqualTo(Tolerance.f32Elementwise(2e-6));
    assertThat(first.tolerance("grad.x", DType.F32)).isEqualTo(Tolerance.f32(0));
    assertThat(first.tolerance("loss", DType.F64)).isEqualTo(Tolerance.F64);
  }

  @Test
  void aMappingVerifiesValuesRefusalsAndAbsences() {
    GoldenReport report = new GoldenReport("made up");
    assertThat(report).hasToString("golden values, made up: no case was compared");
    GoldenMapping mapping = new GoldenMapping().on("scale", c -> answer(c, 4));
    for (GoldenCase golden : GoldenFile.open(file).cases()) {
      assertThat(mapping.verify(golden, report)).isEqualTo(mapping.knows(golden.op()));
    }
    assertThat(report.missing()).isEqualTo(Map.of("other", 1));
    assertThat(report.summary())
        .isEqualTo(
            "golden values, made up: 2 of 3 cases ran, 0 failed; the closest call used 0 % of its"
                + " limit; no counterpart yet for other (1)");
    assertThatThrownBy(() -> mapping.on("scale", c -> answer(c, 4)))
        .hasMessage("[golden] the operation \"scale\" is mapped twice; keep one of the two");
  }

  @Test
  void aMappingFindsPlantedFaults() {
    GoldenReport report = new GoldenReport("made up");
    GoldenCase first = GoldenFile.open(file).cases().getFirst();
    GoldenCase refused = GoldenFile.open(file).cases().get(1);
    assertThatThrownBy(
            () -> new GoldenMapping().on("scale", c -> answer(c, 5)).verify(first, report))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("grad.x: worst at [0]: 5.0, expected 4.0");
    GoldenResult.Values onlyOut =
        GoldenResult.of(DType.F64, Map.of("out", NDArray.of(new double[] {2, 6}, Shape.of(2))));
    assertThatThrownBy(() -> new GoldenMapping().on("scale", c -> onlyOut).verify(first, report))
        .hasMessageContaining("loss: no value was computed")
        .hasMessageContaining("grad.x: no value was computed");
    assertThatThrownBy(() -> new GoldenMapping().on("scale", c -> onlyOut).verify(refused, report))
        .hasMessageContaining("it must be refused, but was computed");
    assertThatThrownBy(
            () ->
                new GoldenMapping()
                    .on(
                        "scale",
                        c -> {
                          throw new CajalException("[scale] no");
                        })
                    .verify(first, report))
        .hasMessage("double: scale was refused: [scale] no");
    assertThat(report.failures()).isEqualTo(4);
    assertThat(
            new GoldenMapping()
                .on("scale", c -> onlyOut.omitting("loss", "grad.x"))
                .verify(first, report))
        .isTrue();
    assertThat(
            new GoldenMapping()
                .on("scale", c -> GoldenResult.noCounterpart("scale by 2"))
                .verify(first, report))
        .isFalse();
    assertThat(report.missing()).isEqualTo(Map.of("scale by 2", 1));
  }

  @Test
  void otherFilesAreRefused() {
    Path other = folder.resolve("other.safetensors");
    Safetensors.write(other, Map.of(), Map.of("format", "pt"));
    assertThatThrownBy(() -> GoldenFile.open(other))
        .isInstanceOf(CajalException.class)
        .hasMessage(
            other + ": the metadata's format is pt; golden values have the format golden/1");
    Safetensors.write(other, Map.of(), Map.of("format", "golden/1", "group", "g"));
    assertThatThrownBy(() -> GoldenFile.open(other))
        .hasMessage(other + ": the metadata has no entry \"cases\"; golden values need it");
  }
}
