package org.cajal.report;

import java.io.Flushable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The line that shows how training goes: loss, metrics, samples a second and time left. On a
 * terminal it is redrawn in place, at most ten times a second, and an epoch's final line stays;
 * elsewhere there is one plain line an epoch.
 *
 * <p>For one thread. If the output fails, a closed pipe for instance, the line falls silent and
 * training goes on.
 */
public final class Progress {
  private static final long BETWEEN_REDRAWS = 100_000_000L;
  private static final int BAR = 24;
  private static final int NARROWEST = 40;

  /**
   * How and where the line is drawn.
   *
   * @param terminal whether the line is redrawn in place
   * @param unicode whether the bar may use characters beyond ASCII
   * @param width columns of the terminal; a redrawn line stays within them
   */
  public record Style(boolean terminal, boolean unicode, int width) {}

  private final Appendable out;
  private final Style style;
  private final LongSupplier nanoTime;
  private final int epochs;
  private final long start;

  private int epoch;
  private long samples;
  private long done;
  private long epochStart;
  private long lastDraw;
  private boolean drawn;
  private int lastLength;
  private boolean silent;

  /**
   * A line for a run that starts now.
   *
   * @param out where it is drawn
   * @param style how it is drawn
   * @param nanoTime a clock in nanoseconds, {@code System::nanoTime}
   * @param epochs how many epochs are planned
   */
  public Progress(Appendable out, Style style, LongSupplier nanoTime, int epochs) {
    this.out = out;
    this.style = style;
    this.nanoTime = nanoTime;
    this.epochs = epochs;
    this.start = nanoTime.getAsLong();
    this.epochStart = start;
  }

  /**
   * An epoch begins.
   *
   * @param number counted from 1
   * @param samplesInEpoch how many training samples it has
   */
  public void begin(int number, long samplesInEpoch) {
    epoch = number;
    samples = samplesInEpoch;
    done = 0;
    drawn = false;
    epochStart = nanoTime.getAsLong();
  }

  /**
   * Some samples of the epoch are done. Draws only on a terminal, and only if the last drawing is a
   * tenth of a second old.
   *
   * @param samplesDone how many so far in this epoch
   * @param values what to show, in order: {@code loss}, {@code accuracy}
   */
  public void update(long samplesDone, Map<String, Double> values) {
    done = samplesDone;
    long now = nanoTime.getAsLong();
    if (!style.terminal() || (drawn && now - lastDraw < BETWEEN_REDRAWS)) {
      return;
    }
    drawn = true;
    lastDraw = now;
    double share = samples == 0 ? 0 : Math.min(1, (double) done / samples);
    List<String> parts = parts(values);
    parts.add(speed(done, now - epochStart));
    parts.add(left(now, epoch - 1 + share));
    redraw(
        head() + "  " + bar(share) + " " + String.format(Locale.ROOT, "%3d%%", (int) (100 * share)),
        parts);
  }

  /**
   * The epoch is over: its line is written, with its time, and stays.
   *
   * @param values what to show, in order: {@code loss}, {@code validation loss}, {@code validation
   *     accuracy}
   */
  public void end(Map<String, Double> values) {
    long now = nanoTime.getAsLong();
    List<String> parts = parts(values);
    parts.add(String.format(Locale.ROOT, "%.1f s", (now - epochStart) * 1e-9));
    parts.add(speed(samples, now - epochStart));
    if (epoch < epochs) {
      parts.add(left(now, epoch));
    }
    if (style.terminal()) {
      redraw(head(), parts);
      print("\n");
    } else {
      print(head() + "  " + String.join("  ", parts) + "\n");
    }
    lastLength = 0;
  }

  /** Writes a line of its own, a warning for instance, and leaves the progress line intact. */
  public void note(String line) {
    String clear = style.terminal() && lastLength > 0 ? "\r" + " ".repeat(lastLength) + "\r" : "";
    lastLength = 0;
    drawn = false;
    print(clear + line + "\n");
  }

  private String head() {
    int digits = Integer.toString(epochs).length();
    return String.format(Locale.ROOT, "epoch %" + digits + "d/%d", epoch, epochs);
  }

  private static List<String> parts(Map<String, Double> values) {
    List<String> parts = new ArrayList<>();
    values.forEach((name, value) -> parts.add(name + " " + number(value)));
    return parts;
  }

  /** Four decimals for everyday sizes, so that a line's columns stand still. */
  private static String number(double value) {
    double size = Math.abs(value);
    return size == 0 || (size >= 1e-3 && size < 1e4)
        ? String.format(Locale.ROOT, "%.4f", value)
        : Double.isFinite(value)
            ? String.format(Locale.ROOT, "%.3e", value)
            : Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  }

  private static String speed(long count, long nanos) {
    double rate = nanos <= 0 ? 0 : count * 1e9 / nanos;
    return (rate >= 100
            ? Numbers.count(Math.round(rate))
            : String.format(Locale.ROOT, "%.1f", rate))
        + " samples/s";
  }

  /** The time left if the rest goes as fast as the run so far, in whole epochs and parts of one. */
  private String left(long now, double epochsDone) {
    if (epochsDone <= 0) {
      return "-:-- left";
    }
    double elapsed = (now - start) * 1e-9;
    return Numbers.duration(elapsed / epochsDone * (epochs - epochsDone)) + " left";
  }

  private String bar(double share) {
    int full = (int) (BAR * share);
    if (style.unicode()) {
      return "━".repeat(full) + (full < BAR ? "╺" + "─".repeat(BAR - full - 1) : "");
    }
    return "[" + "#".repeat(full) + ".".repeat(BAR - full) + "]";
  }

  /** Draws over the last line; drops what does not fit, the last values first. */
  private void redraw(String head, List<String> parts) {
    int room = Math.max(NARROWEST, style.width()) - 1;
    StringBuilder line = new StringBuilder(head);
    for (String part : parts) {
      if (line.length() + 2 + part.length() <= room) {
        line.append("  ").append(part);
      }
    }
    int length = line.length();
    line.append(" ".repeat(Math.max(0, lastLength - length)));
    lastLength = length;
    print("\r" + line);
  }

  private void print(String text) {
    if (silent) {
      return;
    }
    try {
      out.append(text);
      if (out instanceof Flushable f) {
        f.flush();
      }
    } catch (IOException e) {
      silent = true;
    }
  }
}
