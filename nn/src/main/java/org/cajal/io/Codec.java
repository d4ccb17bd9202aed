package org.cajal.io;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Records to JSON and back by their components, under names that the program registers: {@code
 * Dense(10, true)} becomes {@code {"type":"dense","units":10,"bias":true}}. A file holds only such
 * names, never those of classes, so reading one can make nothing but registered records, through
 * their own constructors and their checks.
 *
 * <p>Components may be {@code int}, {@code long}, {@code float}, {@code double}, {@code boolean} or
 * their boxes, {@link String}, an enum (by its name in lower case), {@link Shape} (a list of
 * sizes), {@link DType} (its wire name), a registered record or an interface of such (an object
 * with its {@code "type"}), and {@link List}s of these and {@link Map}s from text to these. A
 * component that is an {@link Optional} of these may be {@code null} or absent in the text; so may
 * one annotated {@code @Nullable}, provided that the annotation's jar is there at run time. Every
 * other component must be there, and a field that is no component is refused.
 *
 * <p>Registering ends before use; then a codec is safe from any number of threads.
 */
public final class Codec {
  private static final String TYPE = "type";

  private final String family;
  private final Map<String, Entry> byName = new LinkedHashMap<>();
  private final Map<Class<?>, Entry> byClass = new LinkedHashMap<>();

  /** One registered record: how to take it apart and put it together. */
  private record Entry(
      String name, Class<? extends Record> type, List<Part> parts, Constructor<?> constructor) {
    String known() {
      return parts.isEmpty() ? "it has no fields" : "known are " + String.join(", ", partNames());
    }

    List<String> partNames() {
      return parts.stream().map(Part::name).toList();
    }
  }

  /** One component of a record. */
  private record Part(String name, Type type, boolean nullable, Method accessor) {
    boolean isOptional() {
      return type instanceof ParameterizedType p && p.getRawType() == Optional.class;
    }
  }

  /**
   * An empty codec.
   *
   * @param family what its records are, in one word for errors: {@code layer}, {@code initializer}
   */
  public Codec(String family) {
    this.family = family;
  }

  /**
   * Adds a record under its name in files.
   *
   * @return this codec
   * @throws IllegalArgumentException if the name or the record is registered already, or a
   *     component has a type that this class does not support
   */
  public Codec register(String wireName, Class<? extends Record> type) {
    if (byName.containsKey(wireName) || byClass.containsKey(type)) {
      throw new IllegalArgumentException(wireName + " or " + type + " is registered already");
    }
    RecordComponent[] components = type.getRecordComponents();
    List<Part> parts = new ArrayList<>();
    Class<?>[] parameters = new Class<?>[components.length];
    for (int i = 0; i < components.length; i++) {
      RecordComponent c = components[i];
      if (c.getName().equals(TYPE)) {
        throw new IllegalArgumentException(
            type + " has a component called type, which is taken by the record's name");
      }
      checkSupported(c.getGenericType(), type + "." + c.getName());
      Method accessor = c.getAccessor();
      accessor.trySetAccessible();
      parts.add(new Part(c.getName(), c.getGenericType(), isNullable(c), accessor));
      parameters[i] = c.getType();
    }
    Entry entry = new Entry(wireName, type, List.copyOf(parts), canonical(type, parameters));
    byName.put(wireName, entry);
    byClass.put(type, entry);
    return this;
  }

  private static Constructor<?> canonical(Class<? extends Record> type, Class<?>[] parameters) {
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(parameters);
      constructor.trySetAccessible();
      return constructor;
    } catch (NoSuchMethodException e) {
      throw new IllegalArgumentException(type + " has no canonical constructor", e);
    }
  }

  private static boolean isNullable(RecordComponent component) {
    // By name: without JSpecify's jar the annotation is invisible, and naming its class here would
    // fail.
    return component.getType() == Optional.class
        || Arrays.stream(component.getAnnotatedType().getAnnotations())
            .anyMatch(a -> a.annotationType().getSimpleName().equals("Nullable"));
  }

  private static void checkSupported(Type type, String where) {
    switch (type) {
      case Class<?> c when isScalar(c) || c.isInterface() || c.isRecord() -> {}
      case ParameterizedType p
          when p.getRawType() == List.class || p.getRawType() == Optional.class ->
          checkSupported(p.getActualTypeArguments()[0], where);
      case ParameterizedType p
          when p.getRawType() == Map.class && p.getActualTypeArguments()[0] == String.class ->
          checkSupported(p.getActualTypeArguments()[1], where);
      default ->
          throw new IllegalArgumentException(
              where + " has type " + type + ", which has no form in JSON");
    }
  }

  private static boolean isScalar(Class<?> c) {
    return c == int.class
        || c == long.class
        || c == float.class
        || c == double.class
        || c == boolean.class
        || c == Integer.class
        || c == Long.class
        || c == Float.class
        || c == Double.class
        || c == Boolean.class
        || c == String.class
        || c.isEnum();
  }

  /** The registered names, in the order of registration. */
  public List<String> names() {
    return List.copyOf(byName.keySet());
  }

  /** Whether records of that class can be written. */
  public boolean isRegistered(Class<?> type) {
    return byClass.containsKey(type);
  }

  /**
   * The name in files of a record's class.
   *
   * @throws CajalException if its class is not registered
   */
  public String nameOf(Record value) {
    return entryOf(value).name();
  }

  private Entry entryOf(Record value) {
    Entry entry = byClass.get(value.getClass());
    if (entry == null) {
      throw new CajalException(
          "["
              + family
              + "] "
              + value.getClass().getSimpleName()
              + " cannot be written: register it with a name first");
    }
    return entry;
  }

  /**
   * A record as a map for {@link Json#write}: its name under {@code "type"}, then its components in
   * their order.
   *
   * @throws CajalException if a record in it is not registered, or a component that is not
   *     {@code @Nullable} is {@code null}
   */
  public Map<String, @Nullable Object> encode(Record value) {
    Entry entry = entryOf(value);
    Map<String, @Nullable Object> out = new LinkedHashMap<>();
    out.put(TYPE, entry.name());
    for (Part part : entry.parts()) {
      Object v = get(part, value);
      if (v == null && (!part.nullable() || part.isOptional())) {
        throw new CajalException(
            "["
                + family
                + "] "
                + entry.name()
                + "."
                + part.name()
                + " is null and cannot be written");
      }
      out.put(part.name(), encoded(v));
    }
    return Collections.unmodifiableMap(out);
  }

  private static @Nullable Object get(Part part, Record value) {
    try {
      return part.accessor().invoke(value);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(
          part.accessor() + " must be public, its package exported to this module", e);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(part.accessor() + " failed", e.getCause());
    }
  }

  private @Nullable Object encoded(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case Optional<?> o -> encoded(o.orElse(null));
      case DType t -> t.wireName();
      case Enum<?> e -> wireName(e);
      case Shape s -> s.dims();
      case Record r -> encode(r);
      case List<?> list -> {
        List<@Nullable Object> out = new ArrayList<>(list.size());
        list.forEach(item -> out.add(encoded(item)));
        yield Collections.unmodifiableList(out);
      }
      case Map<?, ?> map -> {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        map.forEach((k, v) -> out.put((String) k, encoded(v)));
        yield Collections.unmodifiableMap(out);
      }
      case String s -> s;
      case Number n -> n;
      case Boolean b -> b;
      default ->
          throw new CajalException(
              "["
                  + family
                  + "] "
                  + value.getClass().getSimpleName()
                  + " cannot be written: only registered records can");
    };
  }

  private static String wireName(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /**
   * The record that a map describes; errors begin with the family's name.
   *
   * @throws CajalException if the map is not exactly what {@link #encode} writes for a registered
   *     record
   */
  public Record decode(Map<String, ?> fields) {
    return decode(JsonObject.of(fields, family), Record.class);
  }

  /**
   * The record that a JSON object describes, as the kind that is expected there.
   *
   * @throws CajalException naming the object's source and the field, if it is not exactly what
   *     {@link #encode} writes for a registered record of that kind
   */
  public <T> T decode(JsonObject object, Class<T> kind) {
    String name = object.string(TYPE);
    Entry entry = byName.get(name);
    if (entry == null || !kind.isAssignableFrom(entry.type())) {
      List<String> fitting =
          byName.values().stream()
              .filter(e -> kind.isAssignableFrom(e.type()))
              .map(Entry::name)
              .toList();
      throw object.fieldError(
          TYPE,
          "is "
              + Quote.quoted(name)
              + (entry == null ? ", an unknown " + family : ", which is not allowed here")
              + "; "
              + (fitting.isEmpty()
                  ? "none is registered"
                  : "known are " + String.join(", ", fitting)));
    }
    for (String field : object.names()) {
      if (!field.equals(TYPE) && !entry.partNames().contains(field)) {
        throw object.fieldError(field, "is not known in " + entry.name() + "; " + entry.known());
      }
    }
    @Nullable Object[] arguments = new @Nullable Object[entry.parts().size()];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = component(object, entry, entry.parts().get(i));
    }
    return kind.cast(create(object, entry, arguments));
  }

  private @Nullable Object component(JsonObject object, Entry entry, Part part) {
    Object value = object.fields().get(part.name());
    if (value == null) {
      if (part.nullable()) {
        return part.isOptional() ? Optional.empty() : null;
      }
      String what = object.names().contains(part.name()) ? "is null" : "is missing";
      throw object.fieldError(
          part.name(), what + "; " + entry.name() + " needs " + kindOf(part.type()));
    }
    String path = object.path().isEmpty() ? part.name() : object.path() + "." + part.name();
    return decoded(object, value, part.type(), path);
  }

  private static Object create(JsonObject object, Entry entry, @Nullable Object[] arguments) {
    try {
      return entry.constructor().newInstance(arguments);
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause();
      if (cause instanceof RuntimeException r) {
        String message =
            r.getMessage() == null ? r.getClass().getSimpleName() : Quote.line(r.getMessage(), 400);
        String what = "makes no valid " + entry.name() + ": " + message;
        CajalException error =
            object.path().isEmpty() ? object.error("it " + what) : object.error(what);
        error.initCause(r);
        throw error;
      }
      throw new IllegalStateException(entry.constructor() + " failed", cause);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          entry.type() + " must be public, its package exported to this module", e);
    }
  }

  private Object decoded(JsonObject in, @Nullable Object value, Type type, String path) {
    if (type instanceof ParameterizedType p) {
      Type[] arguments = p.getActualTypeArguments();
      if (p.getRawType() == Optional.class) {
        return Optional.of(decoded(in, value, arguments[0], path));
      }
      return p.getRawType() == List.class
          ? list(in, in.asList(value, path), arguments[0], path)
          : map(in, in.asObject(value, path), arguments[1]);
    }
    Class<?> c = (Class<?>) type;
    if (c == int.class || c == Integer.class) {
      return in.asInteger(value, path);
    } else if (c == long.class || c == Long.class) {
      return in.asLong(value, path);
    } else if (c == double.class || c == Double.class) {
      return in.asNumber(value, path);
    } else if (c == float.class || c == Float.class) {
      return single(in, value, path);
    } else if (c == boolean.class || c == Boolean.class) {
      return in.asBoolean(value, path);
    } else if (c == String.class) {
      return in.asString(value, path);
    } else if (c.isEnum()) {
      return constant(in, value, c, path);
    } else if (c == Shape.class) {
      return shape(in, value, path);
    }
    return decode(in.asObject(value, path), c);
  }

  private static float single(JsonObject in, @Nullable Object value, String path) {
    double number = in.asNumber(value, path);
    float rounded = (float) number;
    if (Float.isInfinite(rounded) && !Double.isInfinite(number)) {
      throw at(
          in, path, "is " + number + "; a single-precision number is expected, up to 3.4028235E38");
    }
    return rounded;
  }

  private static Object constant(
      JsonObject in, @Nullable Object value, Class<?> type, String path) {
    String name = in.asString(value, path);
    List<String> names = new ArrayList<>();
    for (Object constant : type.getEnumConstants()) {
      String wireName = constant instanceof DType t ? t.wireName() : wireName((Enum<?>) constant);
      if (wireName.equals(name)) {
        return constant;
      }
      names.add(wireName);
    }
    throw at(in, path, "is " + Quote.quoted(name) + "; allowed are " + String.join(", ", names));
  }

  private static Shape shape(JsonObject in, @Nullable Object value, String path) {
    List<@Nullable Object> sizes = in.asList(value, path);
    List<Integer> dims = new ArrayList<>(sizes.size());
    for (int i = 0; i < sizes.size(); i++) {
      dims.add(in.asInteger(sizes.get(i), path + "[" + i + "]"));
    }
    try {
      return new Shape(dims);
    } catch (CajalException e) {
      CajalException error =
          at(in, path, "is no shape: " + Quote.line(String.valueOf(e.getMessage()), 200));
      error.initCause(e);
      throw error;
    }
  }

  private List<Object> list(JsonObject in, List<@Nullable Object> values, Type type, String path) {
    List<Object> out = new ArrayList<>(values.size());
    for (int i = 0; i < values.size(); i++) {
      out.add(decoded(in, values.get(i), type, path + "[" + i + "]"));
    }
    return Collections.unmodifiableList(out);
  }

  private Map<String, Object> map(JsonObject in, JsonObject values, Type type) {
    Map<String, Object> out = new LinkedHashMap<>();
    values.fields().forEach((k, v) -> out.put(k, decoded(in, v, type, values.path() + "." + k)));
    return Collections.unmodifiableMap(out);
  }

  private static CajalException at(JsonObject in, String path, String what) {
    return new CajalException(in.source() + ": field \"" + Quote.line(path, 200) + "\" " + what);
  }

  private String kindOf(Type type) {
    if (!(type instanceof Class<?> c)) {
      return type instanceof ParameterizedType p && p.getRawType() == Map.class
          ? "an object"
          : "a list";
    }
    if (c == int.class || c == long.class || c == Integer.class || c == Long.class) {
      return "an integer";
    } else if (c == float.class || c == double.class || c == Float.class || c == Double.class) {
      return "a number";
    } else if (c == boolean.class || c == Boolean.class) {
      return "true or false";
    } else if (c == String.class || c.isEnum()) {
      return "a text";
    }
    return c == Shape.class ? "a list" : "an object";
  }
}
