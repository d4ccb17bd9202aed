package org.cajal.data;

import java.util.AbstractMap;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cajal.type.CajalException;
import org.cajal.type.NDArray;
import org.jspecify.annotations.Nullable;

/**
 * What an {@code .npz} archive holds: as a map, the arrays of numbers by name in the order of the
 * file. Members that are none — texts, Python objects, damaged ones — are not in the map; {@link
 * #unreadable} says why, {@link #get} refuses them with that reason, and {@link #texts} gives those
 * that are texts. Immutable.
 */
public final class NpyArchive extends AbstractMap<String, NDArray> {
  private final String source;
  private final Map<String, NDArray> arrays;
  private final Map<String, NpyValues> others;
  private final Map<String, String> unreadable;

  NpyArchive(
      String source,
      Map<String, NDArray> arrays,
      Map<String, NpyValues> others,
      Map<String, String> unreadable) {
    this.source = source;
    this.arrays = Collections.unmodifiableMap(new LinkedHashMap<>(arrays));
    this.others = Collections.unmodifiableMap(new LinkedHashMap<>(others));
    this.unreadable = Collections.unmodifiableMap(new LinkedHashMap<>(unreadable));
  }

  @Override
  public Set<Entry<String, NDArray>> entrySet() {
    return arrays.entrySet();
  }

  /**
   * An array of numbers, or null where the archive has no member of that name.
   *
   * @throws CajalException if there is one that is not read as numbers, with the reason
   */
  @Override
  public @Nullable NDArray get(Object name) {
    String reason = name instanceof String text ? unreadable.get(text) : null;
    if (reason != null) {
      throw new CajalException(reason);
    }
    return arrays.get(name);
  }

  /** Why members are not in the map, one line each, by name. */
  public Map<String, String> unreadable() {
    return unreadable;
  }

  /**
   * The elements of an array of texts or whole numbers as texts, row-major: labels, ids of 64 bits,
   * each exactly.
   *
   * @throws CajalException if there is no such array, or it holds neither
   */
  public List<String> texts(String name) {
    NpyValues other = others.get(name);
    if (other != null) {
      return other.texts();
    }
    NDArray array = get(name);
    if (array == null) {
      Set<String> known = new LinkedHashSet<>(arrays.keySet());
      known.addAll(unreadable.keySet());
      throw new CajalException(Nearest.unknown(source + ": no array", name, List.copyOf(known)));
    }
    return NpyValues.of(source + ", " + name, array).texts();
  }
}
