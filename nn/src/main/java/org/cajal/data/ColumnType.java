package org.cajal.data;

/** What the cells of a column are. */
public enum ColumnType {
  /** Numbers; missing cells are NaN inside a {@link Column} only. */
  NUMBER,
  /** One of several texts. */
  CATEGORY,
  /** True or false, yes or no, and their kin. */
  BOOLEAN,
  /** Days or moments. */
  DATE,
  /** Free text: its words are inputs. */
  TEXT,
  /** Numbers that name or count the rows: not used as an input. */
  IDENTIFIER,
  /**
   * Left out: dropped by the user, or nothing to learn from, such as codes of which nearly every
   * cell is another one. Not used as an input.
   */
  IGNORED;

  /** Whether columns of this type are inputs of a network. */
  public boolean isInput() {
    return this != IDENTIFIER && this != IGNORED;
  }

  /** Whether a column of this type keeps its cells as codes into a list of texts. */
  boolean isCoded() {
    return this == CATEGORY || this == TEXT || this == IGNORED;
  }
}
