package org.cajal.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * What there is to say about one training run, as plain data. {@link ReportPage} makes a page of
 * it. Whatever does not apply is left empty: a regression has no classes, a classification no
 * points.
 *
 * @param name what was trained, the page's heading
 * @param command the command line that repeats the run exactly; empty if there is none
 * @param date when, as it shall be printed
 * @param seed the seed of all randomness of the run
 * @param versions program to version, {@code cajal} and {@code java} for instance
 * @param settings name to value, in the order to print
 * @param curves per-epoch numbers; the first one is the loss and decides the {@link Diagnosis}
 * @param bestEpoch the epoch whose weights were kept, counted from 1; 0 if unknown
 * @param keptBy what that epoch is the best by, {@code validation accuracy} for instance; empty for
 *     the last epoch
 * @param chanceLoss the loss of a constant guess on the training targets, {@code NaN} if unknown
 * @param metrics name to value on the test set, in the order to print
 * @param classes the labels of the classes
 * @param confusion how often each true class (row) was taken for each class (column) in the test
 *     set
 * @param twoClasses how well each target of two classes is told apart at every threshold
 * @param tables further results
 * @param importance how much each column matters, the most important first; empty where unknown
 * @param mistakes the worst mistakes, worst first
 * @param points true and predicted values of a regression's test set
 * @param layers the architecture from input to output
 * @param warnings the doctor's sentences
 * @param notes what was decided about the data without being asked, in sentences
 */
public record TrainingReport(
    String name,
    String command,
    String date,
    long seed,
    Map<String, String> versions,
    Map<String, String> settings,
    List<Curve> curves,
    int bestEpoch,
    String keptBy,
    double chanceLoss,
    Map<String, Double> metrics,
    List<String> classes,
    List<List<Integer>> confusion,
    List<TwoClasses> twoClasses,
    List<ResultTable> tables,
    List<Importance> importance,
    List<Mistake> mistakes,
    List<Point> points,
    List<Layer> layers,
    List<String> warnings,
    List<String> notes) {

  /** Unmodifiable copies that keep their order. */
  public TrainingReport {
    versions = ordered(versions);
    settings = ordered(settings);
    curves = List.copyOf(curves);
    metrics = ordered(metrics);
    classes = List.copyOf(classes);
    confusion = confusion.stream().map(List::copyOf).toList();
    twoClasses = List.copyOf(twoClasses);
    tables = List.copyOf(tables);
    importance = List.copyOf(importance);
    mistakes = List.copyOf(mistakes);
    points = List.copyOf(points);
    layers = List.copyOf(layers);
    warnings = List.copyOf(warnings);
    notes = List.copyOf(notes);
    if (!confusion.isEmpty()) {
      new Confusion(classes, confusion);
    }
  }

  private static <V> Map<String, V> ordered(Map<String, V> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }

  /**
   * One quantity over the epochs.
   *
   * @param name {@code loss}, {@code accuracy}
   * @param lowerIsBetter true for losses and errors
   * @param training one number an epoch
   * @param validation one number an epoch; empty if there was no validation set
   */
  public record Curve(
      String name, boolean lowerIsBetter, List<Double> training, List<Double> validation) {
    /** Unmodifiable copies. */
    public Curve {
      training = List.copyOf(training);
      validation = List.copyOf(validation);
    }
  }

  /**
   * Two classes told apart by a probability, on the test set.
   *
   * @param target the column, where there are several targets; else empty
   * @param positive the class whose probability is meant
   * @param negative the other one
   * @param roc false against true positive rates, from (0, 0) to (1, 1)
   * @param rocArea the area under it
   * @param precisionRecall recall against precision, from the highest threshold on
   * @param averagePrecision the area under its steps
   * @param positives how many examples of the positive class have a probability in each of equal
   *     parts of 0 to 1
   * @param negatives the same of the other class, as many numbers
   */
  public record TwoClasses(
      String target,
      String positive,
      String negative,
      List<At> roc,
      double rocArea,
      List<At> precisionRecall,
      double averagePrecision,
      List<Integer> positives,
      List<Integer> negatives) {
    /** Unmodifiable copies. */
    public TwoClasses {
      roc = List.copyOf(roc);
      precisionRecall = List.copyOf(precisionRecall);
      positives = List.copyOf(positives);
      negatives = List.copyOf(negatives);
    }
  }

  /** A point of a curve. */
  public record At(double x, double y) {}

  /**
   * How much a column matters.
   *
   * @param column its name
   * @param loss by how much the mean loss rises when the column's values are shuffled among the
   *     rows; about 0, and by chance below, for one that tells nothing
   */
  public record Importance(String column, double loss) {}

  /**
   * Results in rows and columns: each target's measures, each label's, each class's of many.
   *
   * @param title a heading
   * @param hint a sentence below it; may be empty
   * @param header a name for each column
   * @param rows as many cells each as the header
   */
  public record ResultTable(
      String title, String hint, List<String> header, List<List<String>> rows) {
    /** Unmodifiable copies. */
    public ResultTable {
      header = List.copyOf(header);
      rows = rows.stream().map(List::copyOf).toList();
    }
  }

  /**
   * One example that the network got wrong.
   *
   * @param pixels the image, [height, width] or [channels, height, width] with 1 or 3 channels,
   *     values from 0 to 1 or to 255, or standardised ones, which are stretched from their least to
   *     their greatest; {@code null} if it is no image
   * @param fields the values of a table's row by column; empty if it is an image
   * @param truth the true label or value
   * @param predicted the predicted label or value
   * @param probability the probability given to the prediction, {@code NaN} for a regression
   * @param error the predicted number minus the true one; empty where these are no numbers
   */
  public record Mistake(
      @Nullable NDArray pixels,
      Map<String, String> fields,
      String truth,
      String predicted,
      double probability,
      String error) {
    /** An unmodifiable copy that keeps its order. */
    public Mistake {
      fields = ordered(fields);
    }

    /** A mistake about an image. */
    public static Mistake ofImage(
        NDArray pixels, String truth, String predicted, double probability) {
      return new Mistake(pixels, Map.of(), truth, predicted, probability, "");
    }

    /** A mistake about a row of a table, by column. */
    public static Mistake ofRow(
        Map<String, String> fields, String truth, String predicted, double probability) {
      return new Mistake(null, fields, truth, predicted, probability, "");
    }

    /** The same with the predicted number minus the true one. */
    public Mistake withError(String text) {
      return new Mistake(pixels, fields, truth, predicted, probability, text);
    }
  }

  /** One example of a regression: its true value and the predicted one. */
  public record Point(double actual, double predicted) {}

  /**
   * One layer of the architecture.
   *
   * @param name its path or kind
   * @param description its settings in a few words, {@code 6 kernels 5×5, tanh}
   * @param output the shape of what it answers for one example, without the batch axis
   * @param parameters how many numbers it learns
   * @param multiplyAdds how many multiplications with an addition one example takes
   */
  public record Layer(
      String name, String description, Shape output, long parameters, long multiplyAdds) {}

  /** Starts a report with its heading and the seed of the run; everything else begins empty. */
  public static Builder builder(String name, long seed) {
    return new Builder(name, seed);
  }

  /** Collects the parts of a report; each method answers the builder itself. */
  public static final class Builder {
    private final String name;
    private final long seed;
    private String command = "";
    private String date = "";
    private final Map<String, String> versions = new LinkedHashMap<>();
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final List<Curve> curves = new ArrayList<>();
    private int bestEpoch;
    private String keptBy = "";
    private double chanceLoss = Double.NaN;
    private final Map<String, Double> metrics = new LinkedHashMap<>();
    private List<String> classes = List.of();
    private List<List<Integer>> confusion = List.of();
    private final List<TwoClasses> twoClasses = new ArrayList<>();
    private final List<ResultTable> tables = new ArrayList<>();
    private List<Importance> importance = List.of();
    private final List<Mistake> mistakes = new ArrayList<>();
    private final List<Point> points = new ArrayList<>();
    private final List<Layer> layers = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private Builder(String name, long seed) {
      this.name = Objects.requireNonNull(name);
      this.seed = seed;
    }

    /** The command line that repeats the run. */
    public Builder command(String line) {
      command = line;
      return this;
    }

    /** When the run took place, as it shall be printed. */
    public Builder date(String text) {
      date = text;
      return this;
    }

    /** The version of a program that took part. */
    public Builder version(String program, String version) {
      versions.put(program, version);
      return this;
    }

    /** A setting. */
    public Builder setting(String setting, Object value) {
      settings.put(setting, value.toString());
      return this;
    }

    /** A quantity over the epochs; the loss comes first. */
    public Builder curve(Curve curve) {
      curves.add(curve);
      return this;
    }

    /** The epoch whose weights were kept, counted from 1. */
    public Builder bestEpoch(int epoch) {
      bestEpoch = epoch;
      return this;
    }

    /** What the kept epoch is the best by; empty for the last epoch. */
    public Builder keptBy(String measure) {
      keptBy = measure;
      return this;
    }

    /** The loss of a constant guess on the training targets. */
    public Builder chanceLoss(double loss) {
      chanceLoss = loss;
      return this;
    }

    /** A number measured on the test set. */
    public Builder metric(String metric, double value) {
      metrics.put(metric, value);
      return this;
    }

    /** The classes and how often each true one (row) was taken for each (column). */
    public Builder confusion(List<String> labels, List<List<Integer>> counts) {
      classes = labels;
      confusion = counts;
      return this;
    }

    /** How well two classes are told apart. */
    public Builder twoClasses(TwoClasses measured) {
      twoClasses.add(measured);
      return this;
    }

    /** How much each column matters, the most important first. */
    public Builder importance(List<Importance> columns) {
      importance = columns;
      return this;
    }

    /** A further result. */
    public Builder table(ResultTable table) {
      tables.add(table);
      return this;
    }

    /** A mistake; the worst comes first. */
    public Builder mistake(Mistake mistake) {
      mistakes.add(mistake);
      return this;
    }

    /** An example of a regression. */
    public Builder point(double actual, double predicted) {
      points.add(new Point(actual, predicted));
      return this;
    }

    /** The next layer. */
    public Builder layer(Layer layer) {
      layers.add(layer);
      return this;
    }

    /** What was decided about the data without being asked. */
    public Builder note(String sentence) {
      notes.add(sentence);
      return this;
    }

    /** A warning of the doctor. */
    public Builder warning(String sentence) {
      warnings.add(sentence);
      return this;
    }

    /**
     * The report.
     *
     * @throws org.cajal.type.CajalException if the confusion matrix is not square or does not fit
     *     the classes
     */
    public TrainingReport build() {
      return new TrainingReport(
          name,
          command,
          date,
          seed,
          versions,
          settings,
          curves,
          bestEpoch,
          keptBy,
          chanceLoss,
          metrics,
          classes,
          confusion,
          twoClasses,
          tables,
          importance,
          mistakes,
          points,
          layers,
          warnings,
          notes);
    }
  }
}
