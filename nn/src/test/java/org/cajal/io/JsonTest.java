package org.cajal.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.cajal.type.CajalException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {
  @Test
  void readsEveryKindOfValue() {
    Object value = Json.parse("{\"b\":[1,-2.5,true,null,\"é\\u0041\"],\"a\":{}}", "test");
    assertThat(value)
        .isEqualTo(Map.of("b", Arrays.asList(1L, -2.5, true, null, "éA"), "a", Map.of()));
    assertThat(((Map<?, ?>) value).keySet().toString()).isEqualTo("[b, a]");
  }

  @Test
  void keepsTheOrderOfMapsWhenWriting() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("z", List.of(1, 2L, 3.5f, 0.1));
    map.put("a", null);
    map.put("m", Map.of("k", false));
    assertThat(Json.write(map)).isEqualTo("{\"z\":[1,2,3.5,0.1],\"a\":null,\"m\":{\"k\":false}}");
  }

  @Test
  void writesNonFiniteNumbersAsTexts() {
    assertThat(Json.write(List.of(Double.NaN, Float.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY)))
        .isEqualTo("[\"nan\",\"inf\",\"-inf\"]");
  }

  @Test
  void givesBackTheBitsOfNumbers() {
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 2000; i++) {
      double d = Double.longBitsToDouble(random.nextLong());
      float f = Float.intBitsToFloat(random.nextInt());
      if (Double.isFinite(d) && Float.isFinite(f)) {
        List<?> back = (List<?>) Json.parse(Json.write(List.of(d, f, -0.0)), "test");
        assertThat((Double) back.get(0)).isEqualTo(d);
        assertThat(((Double) back.get(1)).floatValue()).isEqualTo(f);
        assertThat(Double.doubleToRawLongBits((Double) back.get(2))).isEqualTo(Long.MIN_VALUE);
      }
    }
  }

  @Test
  void keepsWholeNumbersBeyondLong() {
    assertThat(Json.parse("[9223372036854775807,9223372036854775808]", "test"))
        .isEqualTo(List.of(Long.MAX_VALUE, new BigInteger("9223372036854775808")));
    assertThat(Json.write(new BigInteger("9223372036854775808"))).isEqualTo("9223372036854775808");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``          | f.json: JSON is expected, the text is empty",
        "{           | f.json: not valid JSON: the text ends too early (line 1, column 2)",
        "[1,         | f.json: not valid JSON: the text ends too early (line 1, column 4)",
        "{} {}       | f.json: not valid JSON: there is more text after the value (line 1, column"
            + " 4)",
        "{\"a\":1,\"a\":2} | f.json: the name \"a\" occurs twice (line 1, column 8)",
        "[01]        | f.json: not valid JSON: Invalid numeric value: Leading zeroes not allowed"
            + " (line 1, column 3)",
      })
  void refusesWhatIsNotJson(String text, String message) {
    assertThatThrownBy(() -> Json.parse(text, "f.json"))
        .isInstanceOf(CajalException.class)
        .hasMessage(message);
  }

  @Test
  void refusesEndlessNesting() {
    String text = "[".repeat(100_000);
    assertThatThrownBy(() -> Json.parse(text, "f.json"))
        .isInstanceOf(CajalException.class)
        .hasMessage(
            "f.json: JSON beyond what is allowed: Document nesting depth (257) exceeds the maximum"
                + " allowed (256, from `StreamReadConstraints.getMaxNestingDepth()`)");
  }

  @Test
  void wantsAnObjectWhereOneIsExpected() {
    assertThatThrownBy(() -> Json.parseObject("[1]", "f.json"))
        .isInstanceOf(CajalException.class)
        .hasMessage("f.json: a JSON object is expected, found a list");
  }

  @Test
  void refusesToWriteWhatHasNoForm() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Json.write(List.of(new Object())))
        .withMessage("JSON has no form for class java.lang.Object");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Json.write(Map.of(1, 2)))
        .withMessage("JSON names are text, found 1");
  }

  @Test
  void neverFailsOtherwiseOnDamagedText() {
    String text =
        Json.write(
            Map.of(
                "layers", List.of(Map.of("type", "dense", "units", 10, "rate", 0.25, "on", true))));
    SplittableRandom random = new SplittableRandom(11);
    for (int i = 0; i < 5000; i++) {
      StringBuilder damaged = new StringBuilder(text);
      for (int k = random.nextInt(1, 4); k > 0; k--) {
        damaged.setCharAt(
            random.nextInt(damaged.length()),
            (char) random.nextInt(1, random.nextBoolean() ? 128 : 65536));
      }
      damaged.setLength(random.nextInt(damaged.length() + 1));
      try {
        Json.parse(damaged.toString(), "f.json");
      } catch (CajalException e) {
        assertThat(e.getMessage()).startsWith("f.json: ").doesNotContain("\n").hasSizeLessThan(300);
      }
    }
  }
}
