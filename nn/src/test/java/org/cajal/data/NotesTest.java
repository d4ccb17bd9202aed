package org.cajal.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NotesTest {
  private static void leftOut(Notes notes, String column, String reason) {
    notes.add(column, "column \"" + column + "\" is left out: " + reason);
  }

  @Test
  void alikeNotesOfColumnsAreOneSentenceWhereTheFirstOfThemStood() {
    Notes notes = new Notes();
    assertThat(notes.sentences()).isEmpty();
    notes.add("only 8 rows");
    leftOut(notes, "a", "one value only");
    notes.add("the target is skewed");
    leftOut(notes, "b", "free text");
    leftOut(notes, "c", "one value only");
    notes.add("only 8 rows");
    leftOut(notes, "c", "one value only");
    notes.add("d", "the rows of \"d\" are in order");
    assertThat(notes.sentences())
        .containsExactly(
            "only 8 rows",
            "columns \"a\", \"c\" are left out: one value only",
            "the target is skewed",
            "column \"b\" is left out: free text",
            "the rows of \"d\" are in order");
    leftOut(notes, "e", "one value only");
    assertThat(notes.sentences())
        .contains("columns \"a\", \"c\", \"e\" are left out: one value only");
    leftOut(notes, "f", "one value only");
    assertThat(notes.sentences()).contains("4 columns are left out: one value only");
  }
}
