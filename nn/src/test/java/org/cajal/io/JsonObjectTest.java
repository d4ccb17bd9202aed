package org.cajal.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.cajal.type.CajalException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class JsonObjectTest {
  private static final JsonObject OBJECT =
      Json.parseObject(
          """
          {"name":"iris","units":10,"big":5000000000,"rate":0.5,"worst":"inf","unknown":"nan","bias":true,"nothing":null,
           "sizes":[1,2],"rates":[1,"-inf"],"labels":["a","b"],"layers":[{"type":"dense"},{"type":7}],"inner":{"deep":{}}}
          """,
          "model.json");

  @Test
  void answersTypedValues() {
    assertThat(OBJECT.string("name")).isEqualTo("iris");
    assertThat(OBJECT.integer("units")).isEqualTo(10);
    assertThat(OBJECT.longInteger("big")).isEqualTo(5_000_000_000L);
    assertThat(OBJECT.number("rate")).isEqualTo(0.5);
    assertThat(OBJECT.number("units")).isEqualTo(10);
    assertThat(OBJECT.number("worst")).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(OBJECT.number("unknown")).isNaN();
    assertThat(OBJECT.bool("bias")).isTrue();
    assertThat(OBJECT.integers("sizes")).containsExactly(1, 2);
    assertThat(OBJECT.numbers("rates")).containsExactly(1.0, Double.NEGATIVE_INFINITY);
    assertThat(OBJECT.strings("labels")).containsExactly("a", "b");
    assertThat(OBJECT.objects("layers").getFirst().string("type")).isEqualTo("dense");
    assertThat(OBJECT.object("inner").object("deep").path()).isEqualTo("inner.deep");
    assertThat(OBJECT.list("sizes")).isEqualTo(List.of(1L, 2L));
  }

  @Test
  void fallsBackWhereAFieldIsAbsentOrNull() {
    assertThat(OBJECT.has("nothing")).isFalse();
    assertThat(OBJECT.string("nothing", "x")).isEqualTo("x");
    assertThat(OBJECT.integer("absent", 3)).isEqualTo(3);
    assertThat(OBJECT.longInteger("absent", 4L)).isEqualTo(4);
    assertThat(OBJECT.number("absent", 0.25)).isEqualTo(0.25);
    assertThat(OBJECT.bool("absent", true)).isTrue();
    assertThat(OBJECT.optionalString("absent")).isEmpty();
    assertThat(OBJECT.optionalString("name")).isEqualTo(Optional.of("iris"));
    assertThat(OBJECT.optionalObject("absent")).isEmpty();
  }

  static Stream<Arguments> wrong() {
    return Stream.of(
        Arguments.of(
            (Function<JsonObject, ?>) o -> o.string("absent"),
            "\"absent\" is missing; a text is expected"),
        Arguments.of(
            (Function<JsonObject, ?>) o -> o.string("nothing"),
            "\"nothing\" is null; a text is expected"),
        Arguments.of(
            (Function<JsonObject, ?>) o -> o.integer("name"),
            "\"name\" is the text \"iris\"; an integer is expected"),
        Arguments.of(
            (Function<JsonObject, ?>) o -> o.integer("rate", 1),
            "\"rate\" is the number 0.5; an integer is expected"),
        Arguments.of(
            (Function<JsonObject, ?>) o -> o.integer("big"),
            "\"big\" is the number 5000000000; an integer from -2147483648 to 2147483647 is"
                + " expected"),
        Arguments.of(
            (Function<JsonObject, ?>) o -> o.number("bias"),
            "\"bias\" is true; a number is expected"),
        Arguments.of(
            (Function<JsonObject, ?>) o -> o.bool("sizes"),
            "\"sizes\" is a list; true or false is expected"),
        Arguments.of(
            (Function<JsonObject, ?>) o -> o.list("inner"),
            "\"inner\" is an object; a list is expected"),
        Arguments.of(
            (Function<JsonObject, ?>) o -> o.object("units"),
            "\"units\" is the number 10; an object is expected"),
        Arguments.of(
            (Function<JsonObject, ?>) o -> o.integers("labels"),
            "\"labels[0]\" is the text \"a\"; an integer is expected"),
        Arguments.of(
            (Function<JsonObject, ?>) o -> o.objects("layers").get(1).string("type"),
            "\"layers[1].type\" is the number 7; a text is expected"),
        Arguments.of(
            (Function<JsonObject, ?>) o -> o.object("inner").object("deep").number("x"),
            "\"inner.deep.x\" is missing; a number is expected"));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void namesSourceAndField(Function<JsonObject, ?> get, String message) {
    assertThatThrownBy(() -> get.apply(OBJECT))
        .isInstanceOf(CajalException.class)
        .hasMessage("model.json: field " + message);
  }

  @Test
  void refusesFieldsNobodyReads() {
    JsonObject layer = OBJECT.objects("layers").getFirst();
    layer.allowOnly("type");
    assertThatThrownBy(() -> layer.allowOnly("units", "bias"))
        .hasMessage("model.json: field \"layers[0].type\" is not known; known are units, bias");
  }

  @Test
  void keepsMessagesOnOneShortLine() {
    JsonObject object = Json.parseObject("{\"a\":\"" + "x\\n".repeat(500) + "\"}", "f.json");
    assertThatThrownBy(() -> object.bool("a"))
        .hasMessage(
            "f.json: field \"a\" is the text \""
                + "x?".repeat(40)
                + "…\"; true or false is expected");
  }
}
