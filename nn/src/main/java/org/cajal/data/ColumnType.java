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
  /** Free text, nearly every cell another one, or no text at all: not used as an input. */
  TEXT,
  /** Numbers that name or count the rows: not used as an input. */
  IDENTIFIER;

  /** Whether columns of this type are inputs of a network. */
  public boolean isInput() {
    return this != TEXT && this != IDENTIFIER;
  }
}
