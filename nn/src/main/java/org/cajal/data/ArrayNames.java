package org.cajal.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.cajal.io.Quote;
import org.cajal.type.CajalException;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which arrays of an archive are examples and which are answers: by name, or by shape.
 */
final class ArrayNames {
  private static final List<String> EXAMPLES =
      List.of("x", "data", "images", "image", "features", "inputs", "input", "samples");
  private static final List<String> ANSWERS =
      List.of("y", "target", "targets", "labels", "label", "outputs", "output");

  private final Path file;
  private final ArrayPair.Part part;
  private final Map<String, NpyHeader> headers = new LinkedHashMap<>();
  private final List<String> unreadable = new ArrayList<>();

  ArrayNames(Path file, NpzFile archive, ArrayPair.Part part) {
    this.file = file;
    this.part = part;
    for (String name : archive.names()) {
      try {
        headers.put(name, archive.header(name));
      } catch (CajalException e) {
        unreadable.add(Quote.quoted(name));
      }
    }
  }

  /** An array's name in small letters without the word for its part. */
  private record Meaning(String stem, ArrayPair.@Nullable Part part) {
    static Meaning of(String name) {
      String lower = name.toLowerCase(Locale.ROOT);
      for (ArrayPair.Part part : ArrayPair.Part.values()) {
        for (String word : part.words()) {
          if (lower.endsWith("_" + word)) {
            return new Meaning(lower.substring(0, lower.length() - word.length() - 1), part);
          }
          if (lower.startsWith(word + "_")) {
            return new Meaning(lower.substring(word.length() + 1), part);
          }
        }
      }
      for (ArrayPair.Part part : ArrayPair.Part.values()) {
        String word = part.words().getFirst(); // xtrain, Xtest
        if (lower.length() == word.length() + 1 && lower.endsWith(word)) {
          return new Meaning(lower.substring(0, 1), part);
        }
      }
      return new Meaning(lower, null);
    }
  }

  /** Whether examples of the part and their answers are there by name. */
  boolean hasPart() {
    List<String> stems =
        headers.keySet().stream()
            .map(Meaning::of)
            .filter(m -> m.part == part)
            .map(Meaning::stem)
            .toList();
    return stems.stream().anyMatch(EXAMPLES::contains)
        && stems.stream().anyMatch(ANSWERS::contains);
  }

  /** A name that a user gave for other arrays, where an array of the part is called so too. */
  @Nullable String alike(@Nullable String name) {
    if (name == null || !headers.containsKey(name)) {
      return null;
    }
    ArrayPair.Part of = Meaning.of(name).part;
    return of == null || of == part ? name : null;
  }

  /**
   * The name of the array of examples.
   *
   * @param answer the array of answers where the user names it
   * @param learning whether there are answers beside them
   */
  String examples(@Nullable String answer, boolean learning) {
    List<String> named = named(EXAMPLES);
    if (named.size() == 1 && !named.getFirst().equals(answer)) {
      return named.getFirst();
    }
    List<String> others = new ArrayList<>(headers.keySet());
    others.remove(answer);
    if (named.isEmpty() && others.size() == 1) {
      return others.getFirst();
    }
    if (named.isEmpty() && answer == null && others.size() == 2) {
      String first = others.get(0);
      String second = others.get(1);
      if (isAnswer(second) && !isAnswer(first)) {
        return first;
      }
      if (isAnswer(first) && !isAnswer(second)) {
        return second;
      }
    }
    throw unknown(
        learning
            ? "examples and answers? Add --x NAME and --y NAME"
            : "the examples? Add --x NAME");
  }

  /** The name of the array of answers to the examples. */
  String answers(String examples) {
    List<String> named = named(ANSWERS);
    named.remove(examples);
    if (named.size() == 1) {
      return named.getFirst();
    }
    List<String> others = new ArrayList<>(headers.keySet());
    others.remove(examples);
    if (named.isEmpty() && others.size() == 1) {
      return others.getFirst();
    }
    throw unknown("the answers? Add --y NAME");
  }

  /** The arrays of one of the words that are of the part, or of none where no array is of it. */
  private List<String> named(List<String> words) {
    List<String> ofPart = new ArrayList<>();
    List<String> ofNone = new ArrayList<>();
    for (String name : headers.keySet()) {
      Meaning meaning = Meaning.of(name);
      if (words.contains(meaning.stem)) {
        if (meaning.part == part) {
          ofPart.add(name);
        } else if (meaning.part == null) {
          ofNone.add(name);
        }
      }
    }
    return ofPart.isEmpty() ? ofNone : ofPart;
  }

  /** One value a row, and no number with a fraction beside several values a row. */
  private boolean isAnswer(String name) {
    NpyHeader header = headers.get(name);
    return header != null
        && (header.isText()
            || header.shape().rank() == 1
            || (header.shape().rank() == 2 && header.shape().dim(1) == 1));
  }

  /** A text array of so many names of classes, or null. */
  @Nullable String classNames(long atLeast) {
    for (Map.Entry<String, NpyHeader> entry : headers.entrySet()) {
      String name = entry.getKey().toLowerCase(Locale.ROOT);
      NpyHeader header = entry.getValue();
      if (header.isText()
          && header.shape().rank() == 1
          && header.shape().size() >= atLeast
          && (name.endsWith("names") || name.equals("classes") || name.equals("labels"))) {
        return entry.getKey();
      }
    }
    return null;
  }

  private CajalException unknown(String what) {
    List<String> shown = new ArrayList<>();
    headers.forEach(
        (name, header) ->
            shown.add(Quote.line(name, 40) + " " + header.shape() + " " + header.type()));
    boolean many = shown.size() > 12;
    String list = String.join(", ", many ? shown.subList(0, 12) : shown);
    return new CajalException(
        file
            + ": which arrays are "
            + what
            + "; there are "
            + (list.isEmpty() ? "none that can be read" : list + (many ? ", …" : ""))
            + (unreadable.isEmpty() ? "" : "; not read: " + String.join(", ", unreadable)));
  }
}
