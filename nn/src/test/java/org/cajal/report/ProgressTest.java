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
      passSeconds(0.02);
      progress.update(i * 10L, values(1, 0.5));
    }
    progress.end(values(0.25, 0.9375));
    assertThat(out)
        .hasToString(
            "epoch  1/10  loss 0.2500  accuracy 0.9375  2.0 s  500 samples/s  0:18 left\n");
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
                + " samples/s  0:03 left");
    out.setLength(0);
    passSeconds(1);
    progress.end(values(0.25, 0.8));
    assertThat(out.toString().stripTrailing())
        .isEqualTo(
            "\repoch 1/2  loss 0.2500  accuracy 0.8000  2.0 s  500 samples/s  0:02 left"
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
        .contains("[########################] 100%  loss 1.0000  5.0 samples/s  0:00 left  ");
  }

  @Test
  void staysWithinTheWidth() {
    Progress progress = progress(new Progress.Style(true, true, 60), 100);
    progress.begin(1, 10);
    passSeconds(1);
    Map<String, Double> many = values(0.5, 0.5);
    many.put("validation loss", 0.5);
    many.put("validation accuracy", 0.5);
    progress.update(5, many);
    assertThat(out.length() - 1).isLessThan(60);
    assertThat(out.toString()).contains("loss 0.5000").doesNotContain("validation");
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
