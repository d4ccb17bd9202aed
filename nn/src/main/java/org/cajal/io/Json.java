package org.cajal.io;

import java.io.StringWriter;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cajal.type.CajalException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/**
 * JSON text to plain Java values and back.
 *
 * <p>Objects are {@link Map}s in the order of the text, arrays are {@link List}s, both
 * unmodifiable; whole numbers are {@link Long} ({@link BigInteger} beyond its range), other numbers
 * {@link Double}, the rest {@link String}, {@link Boolean} and {@code null}. JSON (RFC 8259) has no
 * word for non-finite numbers: they are written as the texts {@code "nan"}, {@code "inf"} and
 * {@code "-inf"}, which {@link JsonObject} reads back as numbers.
 *
 * <p>Text from outside is bounded: {@value #MAX_DEPTH} nested levels, {@value #MAX_LENGTH}
 * characters, no name twice in one object, nothing after the value.
 */
public final class Json {
  /** The deepest nesting of objects and arrays that is read or written. */
  public static final int MAX_DEPTH = 256;

  /** The most characters of text that are read. */
  public static final int MAX_LENGTH = 100_000_000;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(MAX_LENGTH)
                  .build())
          .streamWriteConstraints(
              StreamWriteConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .build();

  private Json() {}

  /**
   * The value that a text holds.
   *
   * @param text one JSON value
   * @param source what the text is, a file's name for instance: it begins each error
   * @throws CajalException if the text is not JSON or exceeds the limits of this class
   */
  public static @Nullable Object parse(String text, String source) {
    if (text.length() > MAX_LENGTH) {
      throw new CajalException(
          source
              + ": JSON of "
              + text.length()
              + " characters; at most "
              + MAX_LENGTH
              + " are allowed");
    }
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw new CajalException(source + ": JSON is expected, the text is empty");
      }
      Object value = value(parser, first, source);
      if (parser.nextToken() != null) {
        throw new CajalException(
            source + ": not valid JSON: there is more text after the value" + place(parser));
      }
      return value;
    } catch (StreamConstraintsException e) {
      throw new CajalException(source + ": JSON beyond what is allowed: " + reason(e), e);
    } catch (JacksonException e) {
      throw new CajalException(
          source + ": not valid JSON: " + reason(e) + place(e.getLocation()), e);
    }
  }

  /**
   * The object that a text holds.
   *
   * @param text one JSON object
   * @param source what the text is, a file's name for instance: it begins each error
   * @throws CajalException if the text is not a JSON object or exceeds the limits of this class
   */
  public static JsonObject parseObject(String text, String source) {
    Object value = parse(text, source);
    if (value instanceof Map<?, ?> map) {
      return JsonObject.of(map, source);
    }
    throw new CajalException(
        source + ": a JSON object is expected, found " + Quote.described(value));
  }

  private static @Nullable Object value(
      JsonParser parser, @Nullable JsonToken token, String source) {
    return switch (token) {
      case START_OBJECT -> object(parser, source);
      case START_ARRAY -> array(parser, source);
      case VALUE_STRING -> parser.getString();
      case VALUE_NUMBER_INT -> wholeNumber(parser);
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      case null ->
          throw new CajalException(
              source + ": not valid JSON: the text ends too early" + place(parser));
      default ->
          throw new CajalException(
              source + ": not valid JSON: unexpected " + token + place(parser));
    };
  }

  private static Map<String, @Nullable Object> object(JsonParser parser, String source) {
    Map<String, @Nullable Object> out = new LinkedHashMap<>();
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      if (out.containsKey(name)) {
        throw new CajalException(
            source + ": the name " + Quote.quoted(name) + " occurs twice" + place(parser));
      }
      out.put(name, value(parser, parser.nextToken(), source));
    }
    return Collections.unmodifiableMap(out);
  }

  private static List<@Nullable Object> array(JsonParser parser, String source) {
    List<@Nullable Object> out = new ArrayList<>();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      out.add(value(parser, token, source));
    }
    return Collections.unmodifiableList(out);
  }

  private static Number wholeNumber(JsonParser parser) {
    return switch (parser.getNumberType()) {
      case INT, LONG -> (Number) parser.getLongValue();
      default -> parser.getBigIntegerValue();
    };
  }

  private static String reason(JacksonException e) {
    String message = e.getOriginalMessage();
    if (message == null || message.startsWith("Unexpected end-of-input")) {
      return "the text ends too early";
    }
    return Quote.line(message, 160);
  }

  private static String place(JsonParser parser) {
    return place(parser.currentTokenLocation());
  }

  private static String place(@Nullable TokenStreamLocation at) {
    return at == null || at.getLineNr() < 1
        ? ""
        : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
  }

  /**
   * One line of JSON for a value made of maps with text keys, iterables, texts, numbers, truth
   * values and {@code null}. Maps keep their order, so equal ordered maps give equal text. Numbers
   * are written so that reading gives back the same bits.
   *
   * @throws IllegalArgumentException if the value holds anything else
   */
  public static String write(@Nullable Object value) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
      write(value, out);
    }
    return text.toString();
  }

  private static void write(@Nullable Object value, JsonGenerator out) {
    switch (value) {
      case null -> out.writeNull();
      case String s -> out.writeString(s);
      case Boolean b -> out.writeBoolean(b);
      case Double d -> {
        if (Double.isFinite(d)) {
          out.writeNumber((double) d);
        } else {
          out.writeString(nonFinite(d));
        }
      }
      case Float f -> {
        if (Float.isFinite(f)) {
          out.writeNumber((float) f);
        } else {
          out.writeString(nonFinite(f));
        }
      }
      case BigInteger n -> out.writeNumber(n);
      case Integer n -> out.writeNumber((int) n);
      case Long n -> out.writeNumber((long) n);
      case Short n -> out.writeNumber((int) n);
      case Byte n -> out.writeNumber((int) n);
      case Map<?, ?> map -> {
        out.writeStartObject();
        map.forEach(
            (k, v) -> {
              if (!(k instanceof String name)) {
                throw new IllegalArgumentException("JSON names are text, found " + k);
              }
              out.writeName(name);
              write(v, out);
            });
        out.writeEndObject();
      }
      case Iterable<?> list -> {
        out.writeStartArray();
        for (Object item : list) {
          write(item, out);
        }
        out.writeEndArray();
      }
      default -> throw new IllegalArgumentException("JSON has no form for " + value.getClass());
    }
  }

  /** The text that stands for a number without a JSON form. */
  static String nonFinite(double value) {
    return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  }

  /**
   * A JSON value as a number: a number itself, or one of the three texts; otherwise {@code null}.
   */
  static @Nullable Double toNumber(@Nullable Object value) {
    return switch (value) {
      case Number n -> n.doubleValue();
      case String s ->
          switch (s) {
            case "nan" -> Double.NaN;
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            default -> null;
          };
      case null, default -> null;
    };
  }
}
