package org.cajal.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WordsTest {
  private static List<String> words(String text) {
    List<String> out = new ArrayList<>();
    Words.of(text, out::add);
    return out;
  }

  @Test
  void cutsAsScikitLearnDoes() {
    assertThat(words("Don't pay £5 for 2_for_1, e-mail me: A b cd!"))
        .containsExactly("don", "pay", "for", "2_for_1", "mail", "me", "cd");
    assertThat(words("GRÖSSE ÉTÉ Ökologie über, straße\nДа НЕТ"))
        .containsExactly("grösse", "été", "ökologie", "über", "straße", "да", "нет");
    assertThat(words("")).isEmpty();
    assertThat(words(" - . a 7 !")).isEmpty();
  }

  @Test
  void marksBelongToTheirLetters() {
    assertThat(words("हिन्दी में")).containsExactly("हिन्दी", "में");
    assertThat(words("cafe\u0301 bar")).containsExactly("cafe\u0301", "bar");
  }

  @Test
  void scriptsWithoutBlanksGivePairs() {
    assertThat(words("质量很好abc，快")).containsExactly("质量", "量很", "很好", "abc");
    assertThat(words("とても良い")).containsExactly("とて", "ても", "も良", "良い");
    assertThat(words("\uD840\uDC0B\uD840\uDC0C好"))
        .containsExactly("\uD840\uDC0B\uD840\uDC0C", "\uD840\uDC0C好");
  }

  @Test
  void countsTheWordsOfACell() {
    assertThat(Words.count("A/5 21171")).isEqualTo(2);
    assertThat(Words.count("  very\u00a0good, thanks ")).isEqualTo(3);
    assertThat(Words.count("me@example.org")).isEqualTo(1);
    assertThat(Words.count("质量很好")).isEqualTo(4);
    assertThat(Words.count("")).isZero();
  }
}
