package org.cajal.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Sha256Test {
  private static final String OF_ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @TempDir Path folder;

  @Test
  void agreesWithTheStandardsExample() throws IOException {
    assertThat(Sha256.of("abc".getBytes(StandardCharsets.US_ASCII))).isEqualTo(OF_ABC);
    assertThat(Sha256.of(Files.writeString(folder.resolve("abc"), "abc"))).isEqualTo(OF_ABC);
  }

  @Test
  void namesAFileThatIsNotThere() {
    Path file = folder.resolve("none");
    assertThatThrownBy(() -> Sha256.of(file))
        .isInstanceOf(CajalException.class)
        .hasMessage(file + ": cannot be read: no such file");
  }

  @Test
  void doesNotDependOnTheOrderOfTheMap() {
    NDArray a = NDArray.of(new float[] {1, 2}, Shape.of(2));
    NDArray b = NDArray.zeros(DType.F64, Shape.of(300_000));
    Map<String, NDArray> backwards = new LinkedHashMap<>();
    backwards.put("b", b);
    backwards.put("a", a);
    assertThat(Sha256.of(backwards)).isEqualTo(Sha256.of(new TreeMap<>(backwards))).hasSize(64);
  }

  @Test
  void dependsOnNameTypeShapeAndBits() {
    NDArray zeros = NDArray.zeros(DType.F32, Shape.of(4));
    NDArray last = NDArray.of(new float[] {0, 0, 0, -0f}, Shape.of(4));
    assertThat(
            Map.of(
                    Sha256.of(Map.of("a", zeros)), 1,
                    Sha256.of(Map.of("b", zeros)), 1,
                    Sha256.of(Map.of("a", zeros.reshape(Shape.of(2, 2)))), 1,
                    Sha256.of(Map.of("a", NDArray.zeros(DType.I32, Shape.of(4)))), 1,
                    Sha256.of(Map.of("a", last)), 1)
                .size())
        .isEqualTo(5);
  }
}
