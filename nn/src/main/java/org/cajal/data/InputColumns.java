package org.cajal.data;

import java.util.List;

/**
 * What the inputs [width] of a table's rows are, in their order: plain numbers first, then one
 * index for each column of so many categories that the network learns a vector for each of them,
 * then the words of free texts.
 *
 * @param plain the number of plain inputs: numbers, truth values, dates, one-hot categories
 * @param indices the columns of indices
 * @param words the number of inputs that are words of texts
 */
public record InputColumns(int plain, List<Index> indices, int words) {
  /**
   * One input that is an index: 0 to {@code count - 1}, a whole number in floating point.
   *
   * @param count the number of categories
   * @param padding an index that no training row has and whose vector stays 0, or -1 for none
   */
  public record Index(int count, int padding) {}

  /** Columns with an immutable list. */
  public InputColumns {
    indices = List.copyOf(indices);
  }

  /** The number of inputs. */
  public int width() {
    return plain + indices.size() + words;
  }

  /** Whether the input at a place is an index, which is no quantity. */
  public boolean isIndex(int input) {
    return input >= plain && input < plain + indices.size();
  }
}
