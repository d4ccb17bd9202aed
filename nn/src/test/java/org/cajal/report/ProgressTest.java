package org.cajal.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private static final Progress.Style TERMINAL = new Progress.Style(true, true, 120);
  private static final Progress.Style PLAIN = new Progress.Style(false, true, 80);

  private final AtomicLong clock = new AtomicLong();
  private final StringBuilder out = new StringBuilder();

  private Progress progress(Progress.Style style, int epochs) {
    return new Progress(out, style, clock::get, epochs);
  }

  private void passSeconds(double seconds) {
    clock.addAndGet(Math.round(seconds * 1e9));
  }

  private static Map<String, Double> values(double loss, double accuracy) {
    Map<String, Double> map = new LinkedHashMap<>();
    map.put("loss", loss);
    map.put("accuracy", accuracy);
    return map;
  }

  @Test
  void writesOnePlainLineAnEpochWhereThereIsNoTerminal() {
    Progress progress = progress(PLAIN, 10);
    progress.begin(1, 1000);
    for (int i = 1; i <= 100; i++) {
      passSeconds(0.04);
      progress.update(i * 10L, values(1, 0.5));
    }
    progress.end(values(0.25, 0.9375));
    assertThat(out)
        .hasToString(
            "epoch  1/10  loss 0.2500  accuracy 0.9375  4.0 s  250 samples/s  0:36 left\n");
  }

  @Test
  void redrawsInPlaceOnATerminal() {
    Progress progress = progress(TERMINAL, 2);
    progress.begin(1, 1000);
    passSeconds(1);
    progress.update(500, values(0.5, 0.75));
    assertThat(out)
        .hasToString(
            "\r"
                + "epoch 1/2  ━━━━━━━━━━━━╺───────────  50%  loss 0.5000  accuracy 0.7500  500"
                + " samples/s  -:-- left");
    out.setLength(0);
    passSeconds(3);
    progress.end(values(0.25, 0.8));
    assertThat(out.toString().stripTrailing())
        .isEqualTo(
            "\repoch 1/2  loss 0.2500  accuracy 0.8000  4.0 s  250 samples/s  0:06 left"
                .stripTrailing());
    assertThat(out.toString()).endsWith(" \n");
  }

  @Test
  void drawsAtMostTenTimesASecond() {
    Progress progress = progress(TERMINAL, 1);
    progress.begin(1, 1000);
    for (int i = 1; i <= 1000; i++) {
      clock.addAndGet(1_000_000);
      progress.update(i, values(0.5, 0.5));
    }
    assertThat(out.chars().filter(c -> c == '\r').count()).isEqualTo(10);
  }

  @Test
  void coversALongerLineWithBlanks() {
    Progress progress = progress(new Progress.Style(true, false, 200), 1);
    progress.begin(1, 10);
    passSeconds(1);
    progress.update(5, Map.of("loss", 123456.0));
    int first = out.length();
    out.setLength(0);
    passSeconds(1);
    progress.update(10, Map.of("loss", 1.0));
    assertThat(out).hasSize(first);
    assertThat(out.toString())
        .contains("[########################] 100%  loss 1.0000  5.0 samples/s  -:-- left  ");
  }

  @Test
  void theValidationScoreSurvivesOnANarrowTerminal() {
    Map<String, Double> all = values(0.5, 0.75);
    all.put("validation loss", 0.25);
    all.put("validation accuracy", 0.875);
    assertThat(narrow(100, all))
        .isEqualTo(
            "epoch   1/100  loss 0.5000  validation loss 0.2500  validation accuracy 0.8750  6:36"
                + " left");
    assertThat(narrow(80, all))
        .isEqualTo(
            "epoch   1/100  loss 0.5000  validation loss 0.2500  validation accuracy 0.8750");
    assertThat(narrow(60, all)).isEqualTo("epoch   1/100  loss 0.5000  validation accuracy 0.8750");
    assertThat(narrow(42, all)).isEqualTo("epoch   1/100  validation accuracy 0.8750");
  }

  /** The line that an epoch of four seconds leaves on a terminal so wide. */
  private String narrow(int width, Map<String, Double> values) {
    out.setLength(0);
    Progress progress = progress(new Progress.Style(true, true, width), 100);
    progress.begin(1, 10);
    progress.update(0, Map.of());
    out.setLength(0);
    passSeconds(4);
    progress.end(values);
    return out.toString().strip();
  }

  @Test
  void theBarGoesBeforeTheLoss() {
    Progress progress = progress(new Progress.Style(true, true, 50), 1000);
    progress.begin(1, 10);
    progress.update(5, Map.of("loss", 0.5));
    assertThat(out).hasToString("\repoch    1/1000  loss 0.5000");
  }

  /** A first step that takes a minute, since kernels are made in it, says nothing of the others. */
  @Test
  void theTimeLeftIsThatOfTheLastSeconds() {
    Progress progress = progress(TERMINAL, 2);
    progress.begin(1, 1000);
    passSeconds(60);
    progress.update(1, Map.of());
    assertThat(out.toString()).endsWith("-:-- left");
    for (int i = 1; i <= 10; i++) {
      passSeconds(0.5);
      progress.update(1 + 5 * i, Map.of()); // 10 a second
    }
    assertThat(out.toString()).endsWith("3:15 left");
    for (int i = 1; i <= 30; i++) {
      passSeconds(0.5);
      progress.update(51 + 25 * i, Map.of()); // 50 a second
    }
    assertThat(out.toString()).endsWith("0:24 left");
  }

  @Test
  void manyEpochsAreFewPlainLines() {
    assertThat(plainLines(40)).isEqualTo(40);
    assertThat(plainLines(41)).isEqualTo(22);
    assertThat(out.toString()).startsWith("epoch  1/41").contains("\nepoch  2/", "\nepoch 41/41");
    assertThat(plainLines(200)).isEqualTo(41);
    assertThat(out.toString()).contains("\nepoch 195/200", "\nepoch 200/200");
    assertThat(plainLines(1003)).isEqualTo(40);
  }

  private long plainLines(int epochs) {
    out.setLength(0);
    Progress progress = progress(PLAIN, epochs);
    for (int i = 1; i <= epochs; i++) {
      progress.begin(i, 10);
      progress.end(values(1, 1));
    }
    return out.toString().lines().count();
  }

  @Test
  void usesAsciiWhereAsked() {
    Progress progress = progress(new Progress.Style(true, false, 100), 1);
    progress.begin(1, 10);
    passSeconds(1);
    progress.update(5, values(0.5, 0.5));
    assertThat(out.chars().max().orElse(0)).isLessThan(127);
  }

  @Test
  void keepsNotesApartFromTheLine() {
    Progress progress = progress(TERMINAL, 1);
    progress.begin(1, 10);
    passSeconds(1);
    progress.update(5, values(0.5, 0.5));
    int length = out.length() - 1;
    out.setLength(0);
    progress.note("The classes are unbalanced.");
    assertThat(out).hasToString("\r" + " ".repeat(length) + "\rThe classes are unbalanced.\n");
  }

  @Test
  void showsNumbersBeyondTheEveryday() {
    Progress progress = progress(PLAIN, 1);
    progress.begin(1, 0);
    Map<String, Double> values = values(Double.NaN, 1e-7);
    values.put("worst", Double.NEGATIVE_INFINITY);
    progress.end(values);
    assertThat(out)
        .hasToString("epoch 1/1  loss nan  accuracy 1.000e-07  worst -inf  0.0 s  0.0 samples/s\n");
  }

  @Test
  void fallsSilentWhenTheOutputFails() {
    AtomicLong calls = new AtomicLong();
    Appendable broken =
        new Appendable() {
          @Override
          public Appendable append(CharSequence text) throws IOException {
            calls.incrementAndGet();
            throw new IOException("broken pipe");
          }

          @Override
          public Appendable append(CharSequence text, int start, int end) throws IOException {
            return append(text);
          }

          @Override
          public Appendable append(char c) throws IOException {
            return append(String.valueOf(c));
          }
        };
    Progress progress = new Progress(broken, PLAIN, clock::get, 2);
    progress.end(values(1, 1));
    progress.end(values(1, 1));
    assertThat(calls).hasValue(1);
  }
}
