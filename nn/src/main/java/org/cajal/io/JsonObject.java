package org.cajal.io;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.cajal.type.CajalException;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object with typed access: each getter answers the value or fails with one line that names
 * the source, the path of the field and what would be allowed, such as {@code model.safetensors:
 * field "layers[2].units" is the text "ten"; an integer is allowed}.
 *
 * <p>A getter with a fallback answers that where the field is absent or {@code null}; a field of
 * the wrong kind is an error all the same.
 */
public final class JsonObject {
  private final Map<String, @Nullable Object> fields;
  private final String source;
  private final String path;

  private JsonObject(Map<String, @Nullable Object> fields, String source, String path) {
    this.fields = fields;
    this.source = source;
    this.path = path;
  }

  /**
   * An object over the fields of a map.
   *
   * @param fields values as {@link Json} reads them
   * @param source what they come from, a file's name for instance: it begins each error
   * @throws CajalException if a key is not text
   */
  public static JsonObject of(Map<?, ?> fields, String source) {
    return of(fields, source, "");
  }

  private static JsonObject of(Map<?, ?> fields, String source, String path) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    fields.forEach(
        (k, v) -> {
          if (!(k instanceof String name)) {
            throw new CajalException(
                source + ": names of fields are text, found " + Quote.line(String.valueOf(k), 40));
          }
          copy.put(name, v);
        });
    return new JsonObject(Collections.unmodifiableMap(copy), source, path);
  }

  /** The fields in their order. */
  public Map<String, @Nullable Object> fields() {
    return fields;
  }

  /** The names of the fields in their order. */
  public Set<String> names() {
    return fields.keySet();
  }

  /** What the object comes from, as errors begin. */
  public String source() {
    return source;
  }

  /** Where in the source this object stands: {@code layers[2]}; empty for the outermost. */
  public String path() {
    return path;
  }

  /** Whether the field is there and not {@code null}. */
  public boolean has(String name) {
    return fields.get(name) != null;
  }

  /** A text. */
  public String string(String name) {
    return asString(required(name, "a text"), at(name));
  }

  /** A text, or {@code fallback} where there is none. */
  public String string(String name, String fallback) {
    return optional(name, v -> asString(v, at(name))).orElse(fallback);
  }

  /** A text, or nothing where there is none. */
  public Optional<String> optionalString(String name) {
    return optional(name, v -> asString(v, at(name)));
  }

  /** A whole number between -2^31 and 2^31-1. */
  public int integer(String name) {
    return asInteger(required(name, "an integer"), at(name));
  }

  /** A whole number between -2^31 and 2^31-1, or {@code fallback} where there is none. */
  public int integer(String name, int fallback) {
    return optional(name, v -> asInteger(v, at(name))).orElse(fallback);
  }

  /** A whole number between -2^63 and 2^63-1. */
  public long longInteger(String name) {
    return asLong(required(name, "an integer"), at(name));
  }

  /** A whole number between -2^63 and 2^63-1, or {@code fallback} where there is none. */
  public long longInteger(String name, long fallback) {
    return optional(name, v -> asLong(v, at(name))).orElse(fallback);
  }

  /** A number, also one of the texts {@code "nan"}, {@code "inf"}, {@code "-inf"}. */
  public double number(String name) {
    return asNumber(required(name, "a number"), at(name));
  }

  /** A number, or {@code fallback} where there is none. */
  public double number(String name, double fallback) {
    return optional(name, v -> asNumber(v, at(name))).orElse(fallback);
  }

  /** A truth value. */
  public boolean bool(String name) {
    return asBoolean(required(name, "true or false"), at(name));
  }

  /** A truth value, or {@code fallback} where there is none. */
  public boolean bool(String name, boolean fallback) {
    return optional(name, v -> asBoolean(v, at(name))).orElse(fallback);
  }

  /** A list of any values. */
  public List<@Nullable Object> list(String name) {
    return asList(required(name, "a list"), at(name));
  }

  /** A list of texts. */
  public List<String> strings(String name) {
    return each(name, this::asString);
  }

  /** A list of whole numbers between -2^31 and 2^31-1. */
  public List<Integer> integers(String name) {
    return each(name, this::asInteger);
  }

  /** A list of numbers, also the texts for non-finite ones. */
  public List<Double> numbers(String name) {
    return each(name, this::asNumber);
  }

  /** A list of objects. */
  public List<JsonObject> objects(String name) {
    return each(name, this::asObject);
  }

  /** An object. */
  public JsonObject object(String name) {
    return asObject(required(name, "an object"), at(name));
  }

  /** An object, or nothing where there is none. */
  public Optional<JsonObject> optionalObject(String name) {
    return optional(name, v -> asObject(v, at(name)));
  }

  /**
   * Refuses fields that nobody reads.
   *
   * @throws CajalException if the object has a field other than those named
   */
  public void allowOnly(String... names) {
    for (String name : fields.keySet()) {
      if (!Arrays.asList(names).contains(name)) {
        throw error(at(name), "is not known; known are " + String.join(", ", names));
      }
    }
  }

  /** An error about this object as a whole: source, path, then {@code what}. */
  public CajalException error(String what) {
    return path.isEmpty() ? new CajalException(source + ": " + what) : error(path, what);
  }

  /** An error about one field: source, path, then {@code what}. */
  public CajalException fieldError(String name, String what) {
    return error(at(name), what);
  }

  private CajalException error(String field, String what) {
    return new CajalException(source + ": field \"" + Quote.line(field, 200) + "\" " + what);
  }

  private String at(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private Object required(String name, String kind) {
    Object value = fields.get(name);
    if (value == null) {
      String what = fields.containsKey(name) ? "is null" : "is missing";
      throw error(at(name), what + "; " + kind + " is expected");
    }
    return value;
  }

  private <T> Optional<T> optional(String name, Function<Object, T> as) {
    Object value = fields.get(name);
    return value == null ? Optional.empty() : Optional.of(as.apply(value));
  }

  private interface As<T> {
    T convert(@Nullable Object value, String field);
  }

  private <T> List<T> each(String name, As<T> as) {
    List<@Nullable Object> values = list(name);
    List<T> out = new ArrayList<>(values.size());
    for (int i = 0; i < values.size(); i++) {
      out.add(as.convert(values.get(i), at(name) + "[" + i + "]"));
    }
    return Collections.unmodifiableList(out);
  }

  private CajalException wrong(String field, @Nullable Object value, String kind) {
    return error(field, "is " + Quote.described(value) + "; " + kind + " is expected");
  }

  String asString(@Nullable Object value, String field) {
    if (value instanceof String s) {
      return s;
    }
    throw wrong(field, value, "a text");
  }

  int asInteger(@Nullable Object value, String field) {
    long n = asLong(value, field);
    if (n != (int) n) {
      throw wrong(field, value, "an integer from -2147483648 to 2147483647");
    }
    return (int) n;
  }

  long asLong(@Nullable Object value, String field) {
    return switch (value) {
      case Long n -> n;
      case Integer n -> n;
      case Short n -> n;
      case Byte n -> n;
      case null, default -> throw wrong(field, value, "an integer");
    };
  }

  double asNumber(@Nullable Object value, String field) {
    Double n = Json.toNumber(value);
    if (n == null) {
      throw wrong(field, value, "a number");
    }
    return n;
  }

  boolean asBoolean(@Nullable Object value, String field) {
    if (value instanceof Boolean b) {
      return b;
    }
    throw wrong(field, value, "true or false");
  }

  List<@Nullable Object> asList(@Nullable Object value, String field) {
    if (value instanceof List<?> list) {
      return Collections.unmodifiableList(list);
    }
    throw wrong(field, value, "a list");
  }

  JsonObject asObject(@Nullable Object value, String field) {
    if (value instanceof Map<?, ?> map) {
      return of(map, source, field);
    }
    throw wrong(field, value, "an object");
  }

  /** The source and the fields as JSON. */
  @Override
  public String toString() {
    return source + (path.isEmpty() ? "" : " " + path) + " " + Json.write(fields);
  }
}
