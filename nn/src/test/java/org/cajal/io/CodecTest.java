package org.cajal.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CodecTest {
  sealed interface Part {}

  sealed interface Filler {}

  record Zeros() implements Filler {}

  record Uniform(double low, double high) implements Filler {}

  enum Mode {
    SAME,
    VALID_ONLY
  }

  record Full(int units, boolean bias, @Nullable Filler weights) implements Part {
    Full {
      if (units < 1) {
        throw new CajalException("[full] units must be 1 or more, found " + units);
      }
    }
  }

  record Everything(
      int i,
      long l,
      float f,
      double d,
      boolean b,
      String s,
      Mode mode,
      Shape shape,
      DType dtype,
      List<Double> numbers,
      List<List<Integer>> table,
      Map<String, String> names,
      @Nullable String remark)
      implements Part {}

  record Chain(List<Part> parts) implements Part {}

  record Maybe(Optional<Filler> filler, Optional<Integer> size) implements Part {}

  record Stranger(int x) implements Part {}

  record Unsupported(Object x) {}

  private static final Codec CODEC =
      new Codec("layer")
          .register("zeros", Zeros.class)
          .register("uniform", Uniform.class)
          .register("full", Full.class)
          .register("everything", Everything.class)
          .register("chain", Chain.class)
          .register("maybe", Maybe.class);

  private static final Everything EVERYTHING =
      new Everything(
          -1,
          1L << 40,
          0.1f,
          Double.NEGATIVE_INFINITY,
          true,
          "ü",
          Mode.VALID_ONLY,
          Shape.of(3, 4),
          DType.F32,
          List.of(1.0, Double.NaN),
          List.of(List.of(1), List.of()),
          Map.of("k", "v"),
          null);

  private static Record decode(String json) {
    return CODEC.decode(Json.parseObject(json, "model.json"), Record.class);
  }

  @Test
  void writesNamesAndComponentsInOrder() {
    assertThat(Json.write(CODEC.encode(new Full(10, true, new Uniform(-1, 1)))))
        .isEqualTo(
            "{\"type\":\"full\",\"units\":10,\"bias\":true,\"weights\":{\"type\":\"uniform\",\"low\":-1.0,\"high\":1.0}}");
    assertThat(Json.write(CODEC.encode(EVERYTHING)))
        .isEqualTo(
            "{\"type\":\"everything\",\"i\":-1,\"l\":1099511627776,\"f\":0.1,\"d\":\"-inf\",\"b\":true,\"s\":\"ü\","
                + "\"mode\":\"valid_only\",\"shape\":[3,4],\"dtype\":\"f32\",\"numbers\":[1.0,\"nan\"],\"table\":[[1],[]],"
                + "\"names\":{\"k\":\"v\"},\"remark\":null}");
  }

  @Test
  void givesBackEqualRecords() {
    Chain chain =
        new Chain(
            List.of(
                new Full(3, false, null),
                EVERYTHING,
                new Chain(List.of(new Full(1, true, new Zeros())))));
    assertThat(decode(Json.write(CODEC.encode(chain)))).isEqualTo(chain);
    assertThat(CODEC.decode(CODEC.encode(chain))).isEqualTo(chain);
  }

  @Test
  void takesAnAbsentNullableComponentForNull() {
    assertThat(decode("{\"type\":\"full\",\"units\":2,\"bias\":true}"))
        .isEqualTo(new Full(2, true, null));
  }

  @Test
  void takesAnOptionalComponentAsAbsentOrThere() {
    Maybe nothing = new Maybe(Optional.empty(), Optional.empty());
    Maybe both = new Maybe(Optional.of(new Zeros()), Optional.of(3));
    assertThat(Json.write(CODEC.encode(nothing)))
        .isEqualTo("{\"type\":\"maybe\",\"filler\":null,\"size\":null}");
    assertThat(decode(Json.write(CODEC.encode(both)))).isEqualTo(both);
    assertThat(decode("{\"type\":\"maybe\"}")).isEqualTo(nothing);
    assertThatThrownBy(() -> decode("{\"type\":\"maybe\",\"size\":\"x\"}"))
        .isInstanceOf(CajalException.class)
        .hasMessage("model.json: field \"size\" is the text \"x\"; an integer is expected");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | \"type\" is missing; a text is expected",
        "{\"type\":\"ful\"} | \"type\" is \"ful\", an unknown layer; known are zeros, uniform,"
            + " full, everything, chain, maybe",
        "{\"type\":\"full\",\"units\":1} | \"bias\" is missing; full needs true or false",
        "{\"type\":\"full\",\"units\":null,\"bias\":true} | \"units\" is null; full needs an"
            + " integer",
        "{\"type\":\"full\",\"units\":1.5,\"bias\":true} | \"units\" is the number 1.5; an integer"
            + " is expected",
        "{\"type\":\"full\",\"units\":1,\"bias\":true,\"x\":1} | \"x\" is not known in full; known"
            + " are units, bias, weights",
        "{\"type\":\"zeros\",\"x\":1} | \"x\" is not known in zeros; it has no fields",
        "{\"type\":\"chain\",\"parts\":[{\"type\":\"zeros\"}]} | \"parts[0].type\" is \"zeros\","
            + " which is not allowed here; known are full, everything, chain, maybe",
        "{\"type\":\"chain\",\"parts\":[{\"type\":\"full\",\"units\":0,\"bias\":true}]}"
            + " | \"parts[0]\" makes no valid full: [full] units must be 1 or more, found 0",
        "{\"type\":\"chain\",\"parts\":[null]} | \"parts[0]\" is null; an object is expected",
      })
  void refusesWhatItWouldNotWrite(String json, String message) {
    assertThatThrownBy(() -> decode(json))
        .isInstanceOf(CajalException.class)
        .hasMessage("model.json: field " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "mode | \"other\" | \"mode\" is \"other\"; allowed are same, valid_only",
        "dtype | \"f16\" | \"dtype\" is \"f16\"; allowed are f32, f64, i32, i64, bool",
        "shape | [1,-2] | \"shape\" is no shape: [shape] negative size in [1, -2]; every axis must"
            + " be 0 or larger",
        "shape | [1,\"a\"] | \"shape[1]\" is the text \"a\"; an integer is expected",
        "f | 1e300 | \"f\" is 1.0E300; a single-precision number is expected, up to 3.4028235E38",
        "numbers | [1,\"one\"] | \"numbers[1]\" is the text \"one\"; a number is expected",
        "table | [[1],[2.5]] | \"table[1][0]\" is the number 2.5; an integer is expected",
        "names | {\"k\":1} | \"names.k\" is the number 1; a text is expected",
      })
  void namesTheWrongComponent(String field, String value, String message) {
    Map<String, Object> fields = new LinkedHashMap<>(CODEC.encode(EVERYTHING));
    fields.put(field, Json.parse(value, "test"));
    assertThatThrownBy(() -> decode(Json.write(fields)))
        .isInstanceOf(CajalException.class)
        .hasMessage("model.json: field " + message);
  }

  @Test
  void refusesUnregisteredRecords() {
    assertThat(CODEC.isRegistered(Stranger.class)).isFalse();
    assertThatThrownBy(() -> CODEC.encode(new Chain(List.of(new Stranger(1)))))
        .isInstanceOf(CajalException.class)
        .hasMessage("[layer] Stranger cannot be written: register it with a name first");
  }

  @Test
  void refusesToRegisterTwiceOrWhatHasNoForm() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Codec("a").register("z", Zeros.class).register("z", Full.class));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Codec("a").register("z", Unsupported.class))
        .withMessageContaining("which has no form in JSON");
  }

  @Test
  void neverFailsOtherwiseOnDamagedText() {
    String text =
        Json.write(
            CODEC.encode(new Chain(List.of(EVERYTHING, new Full(1, true, new Uniform(0, 1))))));
    SplittableRandom random = new SplittableRandom(5);
    int read = 0;
    for (int i = 0; i < 5000; i++) {
      StringBuilder damaged = new StringBuilder(text);
      damaged.setCharAt(
          random.nextInt(damaged.length()), "0123456789\"[]{},:aex-".charAt(random.nextInt(21)));
      try {
        decode(damaged.toString());
        read++;
      } catch (CajalException e) {
        assertThat(e.getMessage()).startsWith("model.json: ").doesNotContain("\n");
      }
    }
    assertThat(read).isPositive();
  }
}
