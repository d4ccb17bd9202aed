package org.cajal.data;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Numbers the different texts of a column in the order of their first rows, and counts each. Texts
 * that differ in Unicode's composition alone are one (NFC).
 */
final class TextIndex {
  private static final int EMPTY = -1;

  private final List<String> values = new ArrayList<>();
  private int[] counts = new int[16];
  private int[] firstRows = new int[16];

  /** Open addressing over the bytes of texts as they stand in the file; two may have one code. */
  private int[] slots = new int[64];

  private final List<byte[]> keys = new ArrayList<>();
  private int[] codes = new int[16];
  private final Map<String, Integer> composed = new HashMap<>();

  TextIndex() {
    Arrays.fill(slots, EMPTY);
  }

  /** The code of a text that stands in a row. */
  int add(byte[] bytes, int from, int to, int row) {
    int slot = find(bytes, from, to);
    int key = slots[slot];
    int code;
    if (key == EMPTY) {
      key = keys.size();
      keys.add(Arrays.copyOfRange(bytes, from, to));
      slots[slot] = key;
      code = value(bytes, from, to, row);
      if (key == codes.length) {
        codes = Arrays.copyOf(codes, 2 * key);
      }
      codes[key] = code;
      if (2 * keys.size() > slots.length) {
        grow();
      }
    } else {
      code = codes[key];
    }
    counts[code]++;
    return code;
  }

  private int value(byte[] bytes, int from, int to, int row) {
    String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
    boolean ascii = text.length() == to - from;
    if (!ascii) {
      text = Normalizer.normalize(text, Normalizer.Form.NFC);
      Integer known = composed.putIfAbsent(text, values.size());
      if (known != null) {
        return known;
      }
    }
    int code = values.size();
    values.add(text);
    if (code == counts.length) {
      counts = Arrays.copyOf(counts, 2 * code);
      firstRows = Arrays.copyOf(firstRows, 2 * code);
    }
    firstRows[code] = row;
    return code;
  }

  private int find(byte[] bytes, int from, int to) {
    int mask = slots.length - 1;
    int at = hash(bytes, from, to) & mask;
    while (slots[at] != EMPTY) {
      byte[] key = keys.get(slots[at]);
      if (Arrays.equals(key, 0, key.length, bytes, from, to)) {
        break;
      }
      at = (at + 1) & mask;
    }
    return at;
  }

  private static int hash(byte[] bytes, int from, int to) {
    long hash = 0xcbf29ce484222325L;
    for (int i = from; i < to; i++) {
      hash = (hash ^ bytes[i]) * 0x100000001b3L;
    }
    return (int) (hash ^ (hash >>> 29) ^ (hash >>> 47));
  }

  private void grow() {
    slots = new int[2 * slots.length];
    Arrays.fill(slots, EMPTY);
    for (int key = 0; key < keys.size(); key++) {
      byte[] bytes = keys.get(key);
      slots[find(bytes, 0, bytes.length)] = key;
    }
  }

  int size() {
    return values.size();
  }

  List<String> values() {
    return values;
  }

  String value(int code) {
    return values.get(code);
  }

  /** The rows that hold a text. */
  int count(int code) {
    return counts[code];
  }

  int firstRow(int code) {
    return firstRows[code];
  }
}
