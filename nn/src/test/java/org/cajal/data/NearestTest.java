package org.cajal.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
  @Test
  void namesTheNearest() {
    assertThat(Nearest.unknown("no column", "speces", List.of("age", "species", "spec", "x")))
        .isEqualTo("no column \"speces\"; the nearest of the 4 are \"species\", \"spec\", \"age\"");
    assertThat(Nearest.unknown("no column", "b", List.of("a")))
        .isEqualTo("no column \"b\"; there is \"a\"");
  }

  @Test
  void quotesNamesShortAndOnOneLine() {
    assertThat(Nearest.unknown("no column", "a\nb\u202Ec", List.of("\uD83D\uDE00".repeat(50))))
        .isEqualTo("no column \"a b c\"; there is \"" + "\uD83D\uDE00".repeat(40) + "…\"");
  }
}
