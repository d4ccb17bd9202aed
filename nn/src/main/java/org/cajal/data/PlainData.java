package org.cajal.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cajal.type.CajalException;
import org.jspecify.annotations.Nullable;

/**
 * Reads typed entries from the maps and lists that JSON is, with one-line errors which name the
 * place.
 */
final class PlainData {
  private final String where;
  private final Map<String, ?> map;

  PlainData(String where, Map<String, ?> map) {
    this.where = where;
    this.map = map;
  }

  static PlainData of(String where, @Nullable Object value) {
    if (!(value instanceof Map<?, ?> raw)) {
      throw new CajalException("[" + where + "] an object is expected, found " + describe(value));
    }
    for (Object key : raw.keySet()) {
      if (!(key instanceof String)) {
        throw new CajalException(
            "[" + where + "] an object with text keys is expected, found the key " + key);
      }
    }
    @SuppressWarnings("unchecked")
    Map<String, ?> typed = (Map<String, ?>) raw;
    return new PlainData(where, typed);
  }

  List<String> keys() {
    return List.copyOf(map.keySet());
  }

  boolean has(String key) {
    return map.get(key) != null;
  }

  String text(String key) {
    if (map.get(key) instanceof String s) {
      return s;
    }
    throw wrong(key, "a text");
  }

  double number(String key) {
    if (map.get(key) instanceof Number n && Double.isFinite(n.doubleValue())) {
      return n.doubleValue();
    }
    throw wrong(key, "a finite number");
  }

  double positive(String key) {
    double value = number(key);
    if (value <= 0) {
      throw wrong(key, "a number above 0");
    }
    return value;
  }

  int integer(String key) {
    double value = number(key);
    if (value != Math.rint(value) || Math.abs(value) > Integer.MAX_VALUE) {
      throw wrong(key, "a whole number");
    }
    return (int) value;
  }

  boolean flag(String key) {
    if (map.get(key) instanceof Boolean b) {
      return b;
    }
    throw wrong(key, "true or false");
  }

  <E extends Enum<E>> E constant(String key, Class<E> type) {
    String name = text(key);
    for (E value : type.getEnumConstants()) {
      if (value.name().equals(name)) {
        return value;
      }
    }
    throw wrong(key, "one of " + List.of(type.getEnumConstants()));
  }

  List<Double> numbers(String key) {
    List<Double> out = new ArrayList<>();
    for (Object item : list(key)) {
      if (!(item instanceof Number n) || !Double.isFinite(n.doubleValue())) {
        throw wrong(key, "a list of finite numbers");
      }
      out.add(n.doubleValue());
    }
    return out;
  }

  List<String> texts(String key) {
    List<String> out = new ArrayList<>();
    for (Object item : list(key)) {
      if (!(item instanceof String s)) {
        throw wrong(key, "a list of texts");
      }
      out.add(s);
    }
    return out;
  }

  List<PlainData> objects(String key) {
    List<PlainData> out = new ArrayList<>();
    for (Object item : list(key)) {
      out.add(of(where + ", " + key, item));
    }
    return out;
  }

  PlainData object(String key) {
    return of(where + ", " + key, map.get(key));
  }

  List<?> list(String key) {
    if (map.get(key) instanceof List<?> list) {
      return list;
    }
    throw wrong(key, "a list");
  }

  CajalException wrong(String key, String expected) {
    return new CajalException(
        "["
            + where
            + "] \""
            + key
            + "\" must be "
            + expected
            + ", found "
            + describe(map.get(key)));
  }

  private static String describe(@Nullable Object value) {
    return switch (value) {
      case null -> "nothing";
      case String s -> "\"" + (s.length() > 40 ? s.substring(0, 40) + "…" : s) + "\"";
      case Number n -> n.toString();
      case Boolean b -> b.toString();
      case List<?> list -> "a list of " + list.size();
      case Map<?, ?> object -> "an object";
      default -> "a " + value.getClass().getSimpleName();
    };
  }
}
