package org.cajal.data;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Examples and their answers out of NumPy's array files: an {@code .npz} archive of both, or an
 * {@code .npy} file of examples with the answers in another. Examples [N] or [N, F] are the rows of
 * a table whose columns are called {@code x1}, {@code x2}, ... and whose answers {@code y} (of k
 * numbers a row {@code y1} to {@code yk}); examples [N, H, W], [N, H, W, C] and [N, C, H, W] are
 * images. Immutable.
 */
public final class ArrayPair {
  private static final String ANSWER = "y";

  /** The most channels that an axis is taken for without a doubt. */
  private static final int FEW_CHANNELS = 4;

  /** From here on doubles leave out whole numbers. */
  private static final long EXACT = 1L << 53;

  /** More values a row than this make no table. */
  private static final long MOST_COLUMNS = 1 << 16;

  /** What arrays are for, as the beginnings or endings of their names say. */
  public enum Part {
    /** {@code x_train}, {@code train_images}. */
    TRAIN,
    /** {@code x_val}. */
    VALIDATION,
    /** {@code x_test}, {@code test_images}. */
    TEST;

    List<String> words() {
      return switch (this) {
        case TRAIN -> List.of("train", "training");
        case VALIDATION -> List.of("val", "valid", "validation", "dev");
        case TEST -> List.of("test", "testing");
      };
    }
  }

  private final String source;
  private final NpyValues x;
  private final @Nullable NpyValues y;
  private final List<String> names;
  private final List<String> notes;

  private ArrayPair(
      String source, NpyValues x, @Nullable NpyValues y, List<String> names, List<String> notes) {
    this.source = source;
    this.x = x;
    this.y = y;
    this.names = List.copyOf(names);
    this.notes = List.copyOf(notes);
  }

  /** Whether there is such a file and it is one of arrays, by its ending. */
  public static boolean isArrays(Path file) {
    return (hasEnding(file, ".npy") || hasEnding(file, ".npz")) && Files.isRegularFile(file);
  }

  private static boolean hasEnding(Path file, String ending) {
    return String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT).endsWith(ending);
  }

  /** Whether a file is an archive with examples and answers that are called as those of a part. */
  public static boolean has(Path file, Part part) {
    if (!hasEnding(file, ".npz")) {
      return false;
    }
    try (NpzFile archive = new NpzFile(file)) {
      return new ArrayNames(file, archive, part).hasPart();
    }
  }

  /**
   * Reads examples with their answers.
   *
   * @param part which of an archive's arrays are meant where their names tell of parts
   * @param xName the array of examples, or null to find it by name or by shape
   * @param yName the array of answers, or an {@code .npy} file of them, or null to find it
   * @throws CajalException if a file or an array cannot be read, it is not plain which arrays are
   *     meant, or the numbers of examples and answers differ
   */
  public static ArrayPair read(
      Path file, Part part, @Nullable String xName, @Nullable String yName) {
    if (!hasEnding(file, ".npz")) {
      requireNoExamples(file, xName);
      if (yName == null) {
        throw new CajalException(
            file
                + ": where are the answers? Add --y FILE.npy, or --target COLUMN where a column of"
                + " the array holds them");
      }
      return checked(file, Npy.values(file), Npy.values(Path.of(yName)), List.of(), List.of());
    }
    try (NpzFile archive = new NpzFile(file)) {
      ArrayNames arrays = new ArrayNames(file, archive, part);
      boolean apart = yName != null && !archive.names().contains(yName) && isArrays(Path.of(yName));
      String examples = xName == null ? arrays.examples(yName, true) : xName;
      String answers = yName == null ? arrays.answers(examples) : yName;
      NpyValues y = apart ? Npy.values(Path.of(answers)) : archive.values(answers);
      List<String> notes = new ArrayList<>();
      if (xName == null || yName == null) {
        notes.add(
            "array \""
                + examples
                + "\" holds the examples, \""
                + answers
                + "\" the answers (--x and --y name others)");
      }
      return checked(
          file, archive.values(examples), y, classNames(archive, arrays, y, notes), notes);
    }
  }

  /**
   * Reads examples held back, with their answers, from an archive.
   *
   * @param part whose arrays are meant where their names tell of parts
   * @param xName what the examples to train on are called, or null
   * @param yName what their answers are called, or null
   * @throws CajalException as {@link #read}
   */
  public static ArrayPair readHeldBack(
      Path file, Part part, @Nullable String xName, @Nullable String yName) {
    if (!hasEnding(file, ".npz")) {
      throw new CajalException(
          file + ": one array; examples held back and their answers are read from an .npz file");
    }
    String x;
    String y;
    try (NpzFile archive = new NpzFile(file)) {
      ArrayNames arrays = new ArrayNames(file, archive, part);
      x = arrays.alike(xName);
      y = arrays.alike(yName);
    }
    return read(file, part, x, y);
  }

  /**
   * Reads examples alone.
   *
   * @param xName the array of examples, or null to find it by name or by shape
   * @throws CajalException if a file or an array cannot be read, or it is not plain which array is
   *     meant
   */
  public static ArrayPair readExamples(Path file, @Nullable String xName) {
    if (!hasEnding(file, ".npz")) {
      requireNoExamples(file, xName);
      return checked(file, Npy.values(file), null, List.of(), List.of());
    }
    try (NpzFile archive = new NpzFile(file)) {
      ArrayNames arrays = new ArrayNames(file, archive, Part.TEST);
      String examples = xName == null ? arrays.examples(null, false) : xName;
      return checked(file, archive.values(examples), null, List.of(), List.of());
    }
  }

  private static void requireNoExamples(Path file, @Nullable String xName) {
    if (xName != null) {
      throw new CajalException(
          file + ": --x names an array of an .npz archive; this file is one array");
    }
  }

  private static ArrayPair checked(
      Path file, NpyValues x, @Nullable NpyValues y, List<String> names, List<String> notes) {
    if (x.header().isText()) {
      throw new CajalException(
          x.where() + ": holds texts (" + x.header().type() + "); examples are numbers");
    }
    if (x.shape().rank() == 0 || x.size() == 0) {
      throw new CajalException(
          x.where() + ": the shape " + x.shape() + " holds no examples; [N, ...] is expected");
    }
    if (y != null && (y.shape().rank() == 0 || y.shape().dim(0) != x.shape().dim(0))) {
      throw new CajalException(
          x.where()
              + ": "
              + x.shape().dim(0)
              + " examples of shape "
              + x.shape()
              + ", but answers of shape "
              + y.shape()
              + " in "
              + y.where()
              + "; each example needs one");
    }
    return new ArrayPair(file.toString(), x, y, names, notes);
  }

  /** The names of classes that are counted from 0, where the archive has them. */
  private static List<String> classNames(
      NpzFile archive, ArrayNames arrays, NpyValues y, List<String> notes) {
    if (!y.isInteger() || y.size() == 0) {
      return List.of();
    }
    long most = 0;
    for (long i = 0; i < y.size(); i++) {
      long value = y.integer(i);
      if (value < 0 || value > 1 << 20) {
        return List.of();
      }
      most = Math.max(most, value);
    }
    String found = arrays.classNames(most + 1);
    if (found == null) {
      return List.of();
    }
    List<String> names = archive.values(found).texts();
    if (new HashSet<>(names).size() < names.size() || names.contains("")) {
      return List.of();
    }
    notes.add("array \"" + found + "\" names the classes");
    return names;
  }

  /** What was found without being asked for, in sentences. */
  public List<String> notes() {
    return notes;
  }

  /** The number of examples. */
  public int rows() {
    return x.shape().dim(0);
  }

  /** The file's name without its folder. */
  public String name() {
    return String.valueOf(Path.of(source).getFileName());
  }

  /** The shape of all examples, [N, ...]. */
  public Shape shape() {
    return x.shape();
  }

  /** Whether examples have the axes of images, two or three each. */
  public boolean isImages() {
    return x.shape().rank() == 3 || x.shape().rank() == 4;
  }

  /**
   * The columns of the answers in {@link #table}, as a reference to them.
   *
   * @throws CajalException if there are no answers
   */
  public String target() {
    int columns = answerColumns();
    return columns == 1
        ? ANSWER
        : String.join(",", IntStream.rangeClosed(1, columns).mapToObj(i -> ANSWER + i).toList());
  }

  private int answerColumns() {
    NpyValues values = y;
    if (values == null) {
      throw new CajalException(source + ": there are no answers");
    }
    if (values.shape().rank() > 2 || values.size() == 0) {
      throw new CajalException(
          values.where()
              + ": answers of shape "
              + values.shape()
              + "; [N], or [N, k] of k numbers or one-hot classes, is expected");
    }
    return values.shape().rank() == 1 || isOneHot(values) ? 1 : values.shape().dim(1);
  }

  /** Whether rows of several numbers are 0 but for one 1. */
  private static boolean isOneHot(NpyValues values) {
    if (values.header().isText() || values.shape().rank() != 2 || values.shape().dim(1) < 2) {
      return false;
    }
    int width = values.shape().dim(1);
    for (long row = 0; row < values.shape().dim(0); row++) {
      int ones = 0;
      for (int i = 0; i < width; i++) {
        double v = values.number(row * width + i);
        if (v != 0 && v != 1) {
          return false;
        }
        ones += (int) v;
      }
      if (ones != 1) {
        return false;
      }
    }
    return true;
  }

  /**
   * Examples as the rows of a table, answers as its last columns where there are some.
   *
   * @param wanted what the answers are for, or null to decide by them: texts, truth values and
   *     whole numbers from 0 or 1 on without a gap are classes
   * @throws CajalException if a number is infinite, or there are too many values a row
   */
  public Table table(@Nullable Task wanted) {
    int rows = rows();
    long width = x.size() / rows;
    if (width > MOST_COLUMNS) {
      throw new CajalException(
          x.where()
              + ": "
              + width
              + " numbers an example; as a table, at most "
              + MOST_COLUMNS
              + " are taken");
    }
    List<Column> columns = new ArrayList<>();
    for (int c = 0; c < width; c++) {
      columns.add(Column.numbers("x" + (c + 1), numbers(x, c, (int) width)));
    }
    if (y != null) {
      columns.addAll(answers(y, wanted));
    }
    return Table.of(source, columns.toArray(Column[]::new));
  }

  private static double[] numbers(NpyValues values, int column, int width) {
    int rows = values.shape().dim(0);
    double[] out = new double[rows];
    for (int r = 0; r < rows; r++) {
      double value = values.number((long) r * width + column);
      if (Double.isInfinite(value)) {
        throw new CajalException(
            values.where()
                + ": row "
                + r
                + ", column "
                + column
                + " (counted from 0) is infinite; NaN is allowed where a value is missing");
      }
      out[r] = value;
    }
    return out;
  }

  private List<Column> answers(NpyValues values, @Nullable Task wanted) {
    int count = answerColumns();
    if (count == 1) {
      return List.of(answer(values, wanted));
    }
    List<Column> out = new ArrayList<>();
    for (int c = 0; c < count; c++) {
      out.add(Column.numbers(ANSWER + (c + 1), numbers(values, c, count)));
    }
    return out;
  }

  private Column answer(NpyValues values, @Nullable Task wanted) {
    if (isOneHot(values)) {
      int width = values.shape().dim(1);
      List<@Nullable String> classes = new ArrayList<>();
      for (int r = 0; r < rows(); r++) {
        int one = 0;
        while (values.number((long) r * width + one) != 1) {
          one++;
        }
        classes.add(names.size() == width ? names.get(one) : Integer.toString(one));
      }
      return Column.categories(ANSWER, classes);
    }
    boolean numbers = wanted == Task.REGRESSION && !values.header().isText();
    if (!numbers && !names.isEmpty()) {
      List<@Nullable String> classes = new ArrayList<>();
      for (int r = 0; r < rows(); r++) {
        classes.add(names.get((int) values.integer(r)));
      }
      return Column.categories(ANSWER, classes);
    }
    boolean named =
        values.header().isText()
            || values.header().kind() == 'b'
            || (values.isInteger()
                && (wanted == Task.CLASSIFICATION || areCounted(values) || areWide(values)));
    return !numbers && named
        ? Column.categories(ANSWER, new ArrayList<@Nullable String>(values.texts()))
        : Column.numbers(ANSWER, numbers(values, 0, 1));
  }

  /**
   * The answers alone, as a table of their columns.
   *
   * @throws CajalException if there are none, or a number is infinite
   */
  public Table answers(@Nullable Task wanted) {
    NpyValues values = y;
    if (values == null) {
      throw new CajalException(source + ": there are no answers");
    }
    return Table.of(source, answers(values, wanted).toArray(Column[]::new));
  }

  /** Whether whole numbers begin at 0 or 1 and leave none out, each of two rows or more. */
  private static boolean areCounted(NpyValues values) {
    Set<Long> distinct = new HashSet<>();
    long most = 0;
    for (long i = 0; i < values.size(); i++) {
      long value = values.integer(i);
      if (value < 0 || value > values.size()) {
        return false;
      }
      distinct.add(value);
      most = Math.max(most, value);
    }
    long first = distinct.contains(0L) ? 0 : 1;
    return distinct.size() == most - first + 1 && 2L * distinct.size() <= values.size();
  }

  /** Whether whole numbers have no exact place among doubles: they are names, not sizes. */
  private static boolean areWide(NpyValues values) {
    for (long i = 0; i < values.size(); i++) {
      long value = values.integer(i);
      if (value > EXACT || value < -EXACT) {
        return true;
      }
    }
    return false;
  }

  /**
   * Examples as images [C, H, W]: whole numbers from 0 to 255, also as floats that go beyond 1, are
   * bytes; other numbers are taken as they are. An axis of at most {@value #FEW_CHANNELS} behind or
   * before the others holds the channels.
   *
   * @throws CajalException if it is not plain which axis holds the channels, or a number is NaN or
   *     infinite
   */
  public Rows images() {
    int[] dims = x.shape().toArray();
    int channels = 1;
    boolean last = false;
    if (dims.length == 4) {
      boolean first = dims[1] <= FEW_CHANNELS;
      last = dims[3] <= FEW_CHANNELS;
      if (first == last) {
        throw new CajalException(
            x.where()
                + ": which axis of "
                + x.shape()
                + " holds the channels? One of at most "
                + FEW_CHANNELS
                + " is expected, either the second or the last; transpose the array");
      }
      channels = last ? dims[3] : dims[1];
    }
    int height = dims.length == 4 && !last ? dims[2] : dims[1];
    int width = dims.length == 4 && !last ? dims[3] : dims[2];
    Shape one = Shape.of(channels, height, width);
    int plane = Math.multiplyExact(height, width);
    long values = x.size();
    boolean bytes = areBytes();
    if (bytes) {
      MemorySegment out = NDArray.allocate(values).asSlice(0, values);
      boolean truths = x.header().kind() == 'b';
      for (long i = 0; i < values; i++) {
        int value = (int) x.number(i);
        out.set(
            ValueLayout.JAVA_BYTE,
            last ? channelFirst(i, channels, plane) : i,
            (byte) (truths ? 255 * value : value));
      }
      return ByteRows.of(out, one);
    }
    NDArray out = NDArray.zeros(DType.F32, Shape.of(dims[0]).concat(one));
    for (long i = 0; i < values; i++) {
      double value = x.number(i);
      if (!Double.isFinite(value)) {
        throw new CajalException(
            x.where()
                + ": example "
                + i / one.size()
                + " (counted from 0) holds "
                + value
                + "; images are finite numbers");
      }
      out.set(last ? channelFirst(i, channels, plane) : i, value);
    }
    return new FloatRows(out);
  }

  private static long channelFirst(long index, int channels, int plane) {
    long image = index / ((long) channels * plane);
    long within = index % ((long) channels * plane);
    return (image * channels + within % channels) * plane + within / channels;
  }

  private boolean areBytes() {
    if (x.header().type().endsWith("u1") || x.header().kind() == 'b') {
      return true;
    }
    double most = 0;
    for (long i = 0; i < x.size(); i++) {
      double value = x.number(i);
      if (!(value >= 0 && value <= 255 && value == Math.rint(value))) {
        return false;
      }
      most = Math.max(most, value);
    }
    return x.isInteger() || most > 1;
  }
}
