package org.cajal.data;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.cajal.type.CajalException;

/**
 * A text as a sequence of characters (Unicode code points), each an index into a sorted vocabulary.
 * Immutable; the vocabulary is plain data and is saved with a model.
 */
public final class TextSet {
  private final String name;
  private final List<String> vocabulary;
  private final Map<Integer, Integer> index;
  private final int[] symbols;

  private TextSet(String name, List<String> vocabulary, int[] codePoints) {
    this.name = name;
    this.vocabulary = List.copyOf(vocabulary);
    this.index = new HashMap<>();
    for (String character : this.vocabulary) {
      index.put(character.codePointAt(0), index.size());
    }
    this.symbols = encode(codePoints);
  }

  /**
   * A text with the vocabulary of its own characters.
   *
   * @throws CajalException if the text is empty
   */
  public static TextSet of(String name, String text) {
    int[] codePoints = text.codePoints().toArray();
    if (codePoints.length == 0) {
      throw new CajalException(name + ": the text is empty; at least one character is needed");
    }
    TreeSet<Integer> distinct = new TreeSet<>();
    for (int c : codePoints) {
      distinct.add(c);
    }
    List<String> vocabulary = new ArrayList<>();
    for (int c : distinct) {
      vocabulary.add(Character.toString(c));
    }
    return new TextSet(name, vocabulary, codePoints);
  }

  /**
   * A text with a given vocabulary, for example that of a saved model.
   *
   * @param vocabulary one character each
   * @throws CajalException if the text holds another character, or the vocabulary is none
   */
  public static TextSet of(String name, String text, List<String> vocabulary) {
    for (String character : vocabulary) {
      if (character.codePointCount(0, character.length()) != 1) {
        throw new CajalException(
            "[text] vocabulary entry "
                + Cells.quoted(character)
                + " is not one character; one each is needed");
      }
    }
    if (vocabulary.stream().distinct().count() != vocabulary.size()) {
      throw new CajalException(
          "[text] the vocabulary names a character twice; once each is needed");
    }
    return new TextSet(name, vocabulary, text.codePoints().toArray());
  }

  /**
   * The text of a UTF-8 file, plain or gzip, with the vocabulary of its own characters.
   *
   * @throws CajalException if the file is missing, empty, larger than 1 GB or not UTF-8
   */
  public static TextSet read(Path path) {
    byte[] bytes =
        Input.read(
            path,
            (in, limit) -> {
              byte[] all = in.readNBytes(1 << 30);
              if (in.read() != -1) {
                throw new CajalException(path + ": larger than 1 GB; split the file");
              }
              return all;
            });
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes))
              .toString();
      return of(path.toString(), text);
    } catch (CharacterCodingException e) {
      throw new CajalException(path + ": not UTF-8 text; save the file as UTF-8", e);
    }
  }

  /** The name given, or the file's path. */
  public String name() {
    return name;
  }

  /** The characters in the order of their code points; a symbol is an index into this list. */
  public List<String> vocabulary() {
    return vocabulary;
  }

  /** The number of characters of the text. */
  public int length() {
    return symbols.length;
  }

  /** The symbols of the text. */
  public int[] symbols() {
    return symbols.clone();
  }

  /**
   * The symbols of another text.
   *
   * @throws CajalException naming the first character that is not in the vocabulary
   */
  public int[] encode(String text) {
    return encode(text.codePoints().toArray());
  }

  private int[] encode(int[] codePoints) {
    int[] out = new int[codePoints.length];
    for (int i = 0; i < out.length; i++) {
      Integer symbol = index.get(codePoints[i]);
      if (symbol == null) {
        throw new CajalException(
            name
                + ": character "
                + Cells.quoted(Character.toString(codePoints[i]))
                + " (code point "
                + codePoints[i]
                + ") at position "
                + i
                + " is not among the "
                + vocabulary.size()
                + " of the vocabulary");
      }
      out[i] = symbol;
    }
    return out;
  }

  /**
   * The text of symbols.
   *
   * @throws CajalException if a symbol is out of range
   */
  public String decode(int... sequence) {
    StringBuilder out = new StringBuilder();
    for (int symbol : sequence) {
      if (symbol < 0 || symbol >= vocabulary.size()) {
        throw new CajalException(
            "[text] symbol "
                + symbol
                + " is out of range; the vocabulary has "
                + vocabulary.size()
                + " characters");
      }
      out.append(vocabulary.get(symbol));
    }
    return out.toString();
  }

  /**
   * The first part and the rest of the text, with the same vocabulary.
   *
   * @param fraction the first part's share, above 0 and below 1
   * @return the two parts
   * @throws CajalException if the fraction is out of range
   */
  public List<TextSet> split(double fraction) {
    if (!(fraction > 0 && fraction < 1)) {
      throw new CajalException(
          "[split] the fraction " + fraction + " is out of range; it must lie between 0 and 1");
    }
    int cut = (int) (fraction * symbols.length);
    String text = decode(symbols);
    int place = text.offsetByCodePoints(0, cut);
    return List.of(
        of(name, text.substring(0, place), vocabulary),
        of(name, text.substring(place), vocabulary));
  }

  /**
   * Windows of the text, each with the symbols one place further on as targets: what comes next, at
   * each position.
   *
   * @param length symbols a window T
   * @param stride from the start of one window to that of the next
   * @return features and targets I32 [N, T]
   * @throws CajalException if length or stride is below 1, or the text is too short for one window
   */
  public Dataset windows(int length, int stride) {
    return Dataset.sequence(
        name,
        new WindowRows(symbols, length, stride, 0, 1),
        new WindowRows(symbols, length, stride, 1, 1),
        vocabulary);
  }
}
