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
 * elsewhere there is one plain line an epoch, of many epochs the first and {@value
 * #MOST_PLAIN_LINES} at most, every k-th and the last.
 *
 * <p>For one thread. If the output fails, a closed pipe for instance, the line falls silent and
 * training goes on.
 */
public final class Progress {
  private static final long BETWEEN_REDRAWS = 100_000_000L;
  private static final int BAR = 24;
  private static final int NARROWEST = 40;
  private static final int MOST_PLAIN_LINES = 40;

  /** The time left is told from so many of the last seconds, once so few of them have passed. */
  private static final long LATELY = 10_000_000_000L;

  private static final long BETWEEN_MARKS = 250_000_000L;
  private static final long EARLY = 2_000_000_000L;
  private static final String VALIDATION = "validation ";

  /**
   * How and where the line is drawn.
   *
   * @param terminal whether the line is redrawn in place
   * @param unicode whether the bar may use characters beyond ASCII
   * @param width columns of the terminal; a redrawn line stays within them
   */
  public record Style(boolean terminal, boolean unicode, int width) {}

  /** When how many epochs, and parts of one, were done. */
  private record Mark(long nanos, double epochs) {}

  private final Appendable out;
  private final Style style;
  private final LongSupplier nanoTime;
  private final int epochs;
  private final List<Mark> lately = new ArrayList<>();

  private Mark here = new Mark(0, 0);
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
    this.epochStart = nanoTime.getAsLong();
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
    double share = samples == 0 ? 0 : Math.min(1, (double) done / samples);
    mark(now, epoch - 1 + share);
    if (!style.terminal() || (drawn && now - lastDraw < BETWEEN_REDRAWS)) {
      return;
    }
    drawn = true;
    lastDraw = now;
    List<Part> parts = parts(values);
    parts.add(new Part(speed(done, now - epochStart), Part.SPEED));
    parts.add(new Part(left(), Part.LEFT));
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
    mark(now, epoch);
    List<Part> parts = parts(values);
    parts.add(
        new Part(String.format(Locale.ROOT, "%.1f s", (now - epochStart) * 1e-9), Part.SPEED));
    parts.add(new Part(speed(samples, now - epochStart), Part.SPEED));
    if (epoch < epochs) {
      parts.add(new Part(left(), Part.LEFT));
    }
    if (style.terminal()) {
      redraw(head(), parts);
      print("\n");
    } else if (isShown()) {
      print(line(head(), parts) + "\n");
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

  /** Whether this epoch is one of those that have a line where there is no terminal. */
  private boolean isShown() {
    int every = Math.max(1, (epochs + MOST_PLAIN_LINES - 1) / MOST_PLAIN_LINES);
    return epoch == 1 || epoch % every == 0 || epoch >= epochs;
  }

  /**
   * A piece of the line.
   *
   * @param rank how early it goes where the line is too narrow: the greatest first, and of equal
   *     ones the last
   */
  private record Part(String text, int rank) {
    static final int SCORE = 0;
    static final int LOSS = 1;
    static final int VALIDATION_LOSS = 2;
    static final int LEFT = 3;
    static final int OTHER = 4;
    static final int SPEED = 5;
  }

  private static List<Part> parts(Map<String, Double> values) {
    List<Part> parts = new ArrayList<>();
    values.forEach((name, value) -> parts.add(new Part(name + " " + number(value), rank(name))));
    return parts;
  }

  private static int rank(String name) {
    return name.equals("loss")
        ? Part.LOSS
        : name.equals(VALIDATION + "loss")
            ? Part.VALIDATION_LOSS
            : name.startsWith(VALIDATION) ? Part.SCORE : Part.OTHER;
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

  /** Notes how far the run is; the marks reach back just beyond what counts as lately. */
  private void mark(long now, double epochsDone) {
    here = new Mark(now, epochsDone);
    if (lately.isEmpty() || now - lately.getLast().nanos() >= BETWEEN_MARKS) {
      lately.add(here);
    }
    while (lately.size() > 1 && now - lately.get(1).nanos() >= LATELY) {
      lately.removeFirst();
    }
  }

  /** The time left if the rest goes as fast as the last seconds; the first step is left out. */
  private String left() {
    if (lately.isEmpty()) {
      return "-:-- left";
    }
    long nanos = here.nanos() - lately.getFirst().nanos();
    double gained = here.epochs() - lately.getFirst().epochs();
    return nanos < EARLY || gained <= 0
        ? "-:-- left"
        : Numbers.duration(nanos * 1e-9 / gained * (epochs - here.epochs())) + " left";
  }

  private String bar(double share) {
    int full = (int) (BAR * share);
    if (style.unicode()) {
      return "━".repeat(full) + (full < BAR ? "╺" + "─".repeat(BAR - full - 1) : "");
    }
    return "[" + "#".repeat(full) + ".".repeat(BAR - full) + "]";
  }

  /** Draws over the last line; drops what does not fit, validation's score and the loss last. */
  private void redraw(String head, List<Part> parts) {
    int room = Math.max(NARROWEST, style.width()) - 1;
    List<Part> kept = new ArrayList<>(parts);
    String shorter = head;
    while (line(shorter, kept).length() > room && !kept.isEmpty()) {
      int greatest = kept.stream().mapToInt(Part::rank).max().orElseThrow();
      if (greatest < Part.LEFT && !shorter.equals(head())) {
        shorter = head(); // the bar goes before the numbers that matter
        continue;
      }
      kept.remove(kept.stream().filter(part -> part.rank() == greatest).toList().getLast());
    }
    StringBuilder line = new StringBuilder(line(shorter, kept));
    int length = line.length();
    line.append(" ".repeat(Math.max(0, lastLength - length)));
    lastLength = length;
    print("\r" + line);
  }

  private static String line(String head, List<Part> parts) {
    StringBuilder line = new StringBuilder(head);
    parts.forEach(part -> line.append("  ").append(part.text()));
    return line.toString();
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
