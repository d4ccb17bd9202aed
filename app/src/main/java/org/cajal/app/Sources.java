package org.cajal.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.cajal.data.ArrayPair;
import org.cajal.data.Dataset;
import org.cajal.data.DrawnDigits;
import org.cajal.data.ImageFolder;
import org.cajal.data.ImageScaling;
import org.cajal.data.Images;
import org.cajal.data.Notes;
import org.cajal.data.Sets;
import org.cajal.data.Synthetic;
import org.cajal.data.Task;
import org.cajal.data.TrainTest;
import org.cajal.model.ModelSpec;
import org.cajal.type.CajalException;
import org.cajal.type.CounterRandom;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Finds the data that a word on the command line means: a set by name, a table, a folder of images.
 */
final class Sources {
  /** The digits that are drawn where the user does not say how many. */
  static final int DIGITS = 12_000;

  private static final int TEST_DIGITS = 2_000;
  private static final int POINTS = 1_000;
  private static final double VALIDATION = 0.15;
  private static final double VALIDATION_OF_IMAGES = 0.1;
  private static final double TEST_OF_IMAGES = 0.2;

  private Sources() {}

  /** The data sets that have a name, in the order in which they are listed. */
  static List<String> names() {
    List<String> names = new ArrayList<>(List.of("digits"));
    names.addAll(Sets.names());
    names.addAll(
        List.of(
            "and",
            "or",
            "not",
            "xor",
            "parityN",
            "circles",
            "moons",
            "spirals",
            "gaussians",
            "plane",
            "sine"));
    return names;
  }

  /**
   * Data to train on.
   *
   * @param notes takes what is decided about a file or folder without being asked, also where an
   *     error follows
   * @throws CajalException if there is no such data, or it is bad
   */
  static TrainingData prepare(DataOptions options, Notes notes) {
    String source = options.source == null ? "digits" : options.source;
    Path path = Path.of(source);
    if (Files.isRegularFile(path)) {
      if (options.target == null && Images.isImage(path)) {
        throw new CajalException(
            path
                + ": one image is nothing to train on; a folder with a folder of images for each"
                + " class is");
      }
      refuseImageOptions(options, source);
      return ArrayPair.isArrays(path)
          ? ArrayData.prepare(path, options, notes)
          : Tables.prepare(path, options, notes);
    }
    if (options.target != null && !Files.exists(path) && !isName(source)) {
      throw new CajalException(path + ": no such file; check the path");
    }
    refuseTableOptions(options);
    if (Files.isDirectory(path) && !isName(source)) {
      List<String> said = new ArrayList<>();
      Consumer<String> both =
          note -> {
            notes.add(note);
            said.add(note);
          };
      ImageFolder.Form form = options.images.form();
      ImageFolder.Parts parts =
          ImageFolder.isDivided(path)
              ? ImageFolder.readParts(path, form, both)
              : new ImageFolder.Parts(ImageFolder.read(path, form, both), null, null);
      return images(parts, options, said);
    }
    refuseImageOptions(options, source);
    return switch (source) {
      case "digits" -> digits(options);
      case "mnist", "fashion-mnist" -> {
        TrainTest both = Sets.load(source, options.folder);
        yield images(
            new ImageFolder.Parts(both.train(), null, both.test()), options, new ArrayList<>());
      }
      default -> {
        Dataset truth = truth(source);
        yield truth != null ? truth(truth, options) : points(source, options);
      }
    };
  }

  /**
   * Data to measure a model on that does not take tables: the test part where a set has one, pixels
   * scaled as the model says.
   *
   * @throws CajalException if there is no such data, it is bad, or its classes are not the model's
   */
  static Dataset toMeasure(
      ModelSpec model,
      String source,
      @Nullable Path folder,
      @Nullable Integer samples,
      long seed,
      boolean skipBroken,
      Consumer<String> notes) {
    Path path = Path.of(source);
    Dataset data =
        Files.isDirectory(path) && !isName(source)
            ? first(folder(path, model.inputShape(), skipBroken, notes), samples, seed)
            : toMeasure(source, folder, samples, seed);
    requireClasses(data, source, model.labels());
    return model.scaling().isPresent() && data.isImages()
        ? data.scaled(model.scaling().get())
        : data;
  }

  private static void requireClasses(Dataset data, String source, List<String> known) {
    if (data.task() == Task.CLASSIFICATION && !data.classLabels().equals(known)) {
      throw new CajalException(
          source
              + ": the classes are "
              + shown(data.classLabels())
              + ", expected are "
              + shown(known)
              + "; they must be the same");
    }
  }

  static String shown(List<String> labels) {
    return labels.isEmpty()
        ? "none"
        : String.join(", ", labels.subList(0, Math.min(10, labels.size())))
            + (labels.size() > 10 ? ", …" : "");
  }

  private static Dataset toMeasure(
      String source, @Nullable Path folder, @Nullable Integer samples, long seed) {
    return switch (source) {
      case "digits" -> DrawnDigits.of(samples == null ? TEST_DIGITS : samples, testSeed(seed));
      case "mnist", "fashion-mnist" -> first(Sets.load(source, folder).test(), samples, seed);
      default -> {
        Dataset truth = truth(source);
        yield truth != null
            ? truth
            : points(source, samples == null ? POINTS : samples, testSeed(seed));
      }
    };
  }

  /**
   * Whether a word is the name of a data set; a file of that name needs a path, {@code ./digits}.
   */
  static boolean isName(String word) {
    return names().contains(word) || bits(word) > 0;
  }

  private static void refuseTableOptions(DataOptions options) {
    String array = options.x != null ? "--x" : options.y != null ? "--y" : null;
    if (array != null) {
      throw new CajalException(
          array
              + " is for arrays (.npz, .npy); \""
              + (options.source == null ? "digits" : options.source)
              + "\" is none");
    }
    String option = options.tableOption();
    String source = options.source == null ? "digits" : options.source;
    if (option != null && Files.isDirectory(Path.of(source)) && !isName(source)) {
      throw new CajalException(
          option
              + " is for tables; \""
              + source
              + "\" is a folder, in which a folder of images for each class is expected: leave "
              + option
              + " out, or name the file of a table");
    }
    if (option != null) {
      throw new CajalException(option + " is for tables; \"" + source + "\" is none");
    }
  }

  private static void refuseImageOptions(DataOptions options, String source) {
    String option = options.images.given();
    if (option != null) {
      throw new CajalException(option + " is for folders of images; \"" + source + "\" is none");
    }
  }

  private static long testSeed(long seed) {
    return CounterRandom.key(seed, "test");
  }

  private static Dataset first(Dataset data, @Nullable Integer samples, long seed) {
    if (samples == null || samples >= data.size()) {
      return data;
    }
    int[] order = data.shuffleOrder(CounterRandom.key(seed, "samples"), 0);
    return data.subset(java.util.Arrays.stream(order).limit(samples).sorted().toArray());
  }

  private static TrainingData digits(DataOptions options) {
    int count = options.samples == null ? DIGITS : options.samples;
    Dataset train = DrawnDigits.of(count, options.seed);
    Dataset test =
        DrawnDigits.of(Math.min(TEST_DIGITS, Math.max(100, count)), testSeed(options.seed));
    return images(new ImageFolder.Parts(train, null, test), options, new ArrayList<>());
  }

  /** The images of a folder in the form of others. */
  private static Dataset folder(Path path, Shape form, boolean skipBroken, Consumer<String> notes) {
    if (form.rank() != 3) {
      throw new CajalException(path + ": a folder of images; the model takes " + form);
    }
    return ImageFolder.read(path, ImageFolder.Form.of(form).skippingBroken(skipBroken), notes);
  }

  /** Images held back by the user, of the same classes as those to train on. */
  private static Dataset heldBack(
      String path, ArrayPair.Part part, Dataset train, DataOptions options, List<String> notes) {
    if (ArrayPair.isArrays(Path.of(path))) {
      return ArrayData.images(
          Path.of(path), part, options.x, options.y, train.featureShape(), train.classLabels());
    }
    boolean skip = options.images.form().skipBroken();
    Dataset data = folder(Path.of(path), train.featureShape(), skip, notes::add);
    requireClasses(data, path, train.classLabels());
    return data;
  }

  static TrainingData images(ImageFolder.Parts all, DataOptions options, List<String> notes) {
    return images(all.train(), all.validation(), all.test(), options, notes);
  }

  /** Parts of their own go before shares of the training images, the user's before both. */
  private static TrainingData images(
      Dataset all,
      @Nullable Dataset ownValidation,
      @Nullable Dataset own,
      DataOptions options,
      List<String> notes) {
    Dataset train = first(all, options.samples, options.seed);
    Dataset test = own;
    if (options.test != null || own == null) {
      double share = DataOptions.share("--test", options.test, TEST_OF_IMAGES);
      if (Double.isNaN(share)) {
        test = heldBack(String.valueOf(options.test), ArrayPair.Part.TEST, train, options, notes);
      } else if (share > 0) {
        TrainTest parts = train.split(share, options.seed);
        train = parts.train();
        test = parts.test();
      } else {
        test = null;
      }
    }
    Dataset validation = ownValidation;
    double share = DataOptions.share("--validation", options.validation, VALIDATION_OF_IMAGES);
    if (options.validation == null && ownValidation != null) {
      notes.add("training stops by the folder's own validation images");
    } else if (Double.isNaN(share)) {
      validation =
          heldBack(
              String.valueOf(options.validation), ArrayPair.Part.VALIDATION, train, options, notes);
    } else if (share > 0) {
      TrainTest parts = train.split(share, CounterRandom.key(options.seed, "validation"));
      train = parts.train();
      validation = parts.test();
    } else {
      validation = null;
    }
    ImageScaling scaling = train.fitScaling();
    return new TrainingData(
        all.name(),
        TrainingData.Kind.IMAGES,
        train.scaled(scaling),
        validation == null ? null : validation.scaled(scaling),
        test == null ? null : test.scaled(scaling),
        Optional.empty(),
        Optional.of(scaling),
        Optional.empty(),
        notes);
  }

  private static TrainingData truth(Dataset rows, DataOptions options) {
    if (options.validation != null || options.test != null || options.samples != null) {
      throw new CajalException(
          "["
              + rows.name()
              + "] a truth table is learned and measured as a whole; leave out --validation, --test"
              + " and --samples");
    }
    return new TrainingData(
        rows.name(),
        TrainingData.Kind.TRUTH,
        rows,
        null,
        null,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of("a truth table: all " + rows.size() + " rows are trained on and measured on"));
  }

  private static TrainingData points(String source, DataOptions options) {
    int count = options.samples == null ? POINTS : options.samples;
    Dataset train = points(source, count, options.seed);
    Dataset test = points(source, POINTS, testSeed(options.seed));
    double testShare = DataOptions.share("--test", options.test, Double.MIN_VALUE);
    double share = DataOptions.share("--validation", options.validation, VALIDATION);
    if (Double.isNaN(testShare) || Double.isNaN(share)) {
      throw new CajalException(
          "[" + source + "] --validation and --test are shares here, not files");
    }
    Dataset validation = null;
    if (share > 0) {
      TrainTest parts = train.split(share, CounterRandom.key(options.seed, "validation"));
      train = parts.train();
      validation = parts.test();
    }
    return new TrainingData(
        source,
        TrainingData.Kind.POINTS,
        train,
        validation,
        testShare == 0 ? null : test,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  private static Dataset points(String source, int count, long seed) {
    return switch (source) {
      case "circles" -> Synthetic.circles(count, 0.1, seed);
      case "moons" -> Synthetic.moons(count, 0.2, seed);
      case "spirals" -> Synthetic.spirals(count, 2, 0.02, seed);
      case "gaussians" -> Synthetic.gaussians(count, 3, 0.3, seed);
      case "plane" -> Synthetic.plane(count, 0.1, seed);
      case "sine" -> Synthetic.sine(count, 0.1, seed);
      default -> throw unknown(source);
    };
  }

  private static @Nullable Dataset truth(String source) {
    int bits = bits(source);
    return switch (source) {
      case "and" -> Synthetic.and();
      case "or" -> Synthetic.or();
      case "not" -> Synthetic.not();
      case "xor" -> Synthetic.xor();
      default -> bits > 0 ? Synthetic.parity(bits) : null;
    };
  }

  /** The number in {@code parity4}, 0 in any other word. */
  private static int bits(String source) {
    String digits = source.startsWith("parity") ? source.substring("parity".length()) : "";
    boolean number =
        !digits.isEmpty()
            && digits.length() <= 2
            && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    return number ? Integer.parseInt(digits) : 0;
  }

  private static CajalException unknown(String source) {
    String lower = source.toLowerCase(Locale.ROOT);
    boolean file = source.contains("/") || source.contains("\\") || lower.contains(".");
    return new CajalException(
        file
            ? source + ": no such file or folder; check the path"
            : "no file, folder or data set \""
                + source
                + "\"; the data sets are "
                + String.join(", ", names()));
  }
}
