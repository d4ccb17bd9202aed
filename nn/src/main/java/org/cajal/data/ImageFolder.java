package org.cajal.data;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.cajal.type.CajalException;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Images in one subfolder a class, the folder's name being the class's. Files are taken in the
 * order of their names, from folders inside a class's folder too. Hidden files, leftovers of
 * systems and other files that are no images are passed over with a note; an image that cannot be
 * read (see {@link Images}) is an error that names all of them, unless they are to be left out.
 * Where the classes lie in the only folder of the given one, they are found there.
 */
public final class ImageFolder {
  private static final long MOST_BYTES = 1L << 34;

  /** A size is chosen so that the images take no more than this. */
  private static final long USUAL_BYTES = 1L << 31;

  private static final int DEFAULT_SIZE = 64;
  private static final int MOST_NATURAL_SIZE = 128;
  private static final int NAMED = 5;
  private static final List<String> TRAIN_NAMES =
      List.of("train", "training", "train_set", "training_set");
  private static final List<String> TEST_NAMES = List.of("test", "testing", "test_set");
  private static final List<String> VALIDATION_NAMES =
      List.of("val", "valid", "validation", "validation_set", "val_set");

  private ImageFolder() {}

  /**
   * The form into which images are brought, and what is done with those that cannot be read.
   *
   * @param channels 1 for grey, 3 for colour, 0 to choose: grey if no pixel of any image has a
   *     colour
   * @param height in pixels, 0 to choose: the size of the images if all have the same and no side
   *     is longer than 128; else a shorter side of 64, or of what is usual among them if that is
   *     less, in the proportions of the images if all have the same size and square if not
   * @param width in pixels, 0 to choose as the height
   * @param skipBroken whether images that cannot be read are left out with a note; else they are an
   *     error
   */
  public record Form(int channels, int height, int width, boolean skipBroken) {
    /** Everything chosen from the images, all of which must be readable. */
    public static final Form CHOOSE = new Form(0, 0, 0);

    /** A form for images that must all be readable. */
    public Form(int channels, int height, int width) {
      this(channels, height, width, false);
    }

    /** The form of a feature shape [C, H, W], for example that of a model. */
    public static Form of(Shape shape) {
      if (shape.rank() != 3) {
        throw new CajalException(
            "[images] a shape [channels, height, width] is needed, found " + shape);
      }
      return new Form(shape.dim(0), shape.dim(1), shape.dim(2));
    }

    /** The same form, with images that cannot be read left out or not. */
    public Form skippingBroken(boolean skip) {
      return new Form(channels, height, width, skip);
    }
  }

  /**
   * The parts into which a folder is divided.
   *
   * @param train to fit on
   * @param validation of a folder such as {@code val}, where there is one beside {@code test}
   * @param test of a folder such as {@code test}, or of {@code val} where there is only that; null
   *     where it has no class folders
   */
  public record Parts(Dataset train, @Nullable Dataset validation, @Nullable Dataset test) {}

  /**
   * All images of a folder.
   *
   * @return images [C, H, W], classes in the order of their names
   * @throws CajalException if the folder is missing or has fewer than two class folders, a class
   *     folder holds fewer than two images, or files cannot be read
   */
  public static Dataset read(Path folder, Form form) {
    return read(folder, form, note -> {});
  }

  /**
   * The same, with what was decided without being asked.
   *
   * @param notes gets sentences, in order
   * @throws CajalException as {@link #read(Path, Form)}
   */
  public static Dataset read(Path folder, Form form, Consumer<String> notes) {
    Path root = root(folder, notes);
    return read(root, classFolders(root), null, form, notes);
  }

  /**
   * The images below {@code train} and {@code test} (or {@code val}, {@code valid}, {@code
   * validation}) of a folder, with the form chosen from the training images and their classes.
   *
   * @throws CajalException as {@link #read}, or if the test images have a class of their own
   */
  public static TrainTest readTrainTest(Path folder, Form form) {
    Parts parts = readParts(folder, form, note -> {});
    if (parts.test() == null) {
      throw new CajalException(
          folder + ": the test images have no class folders; one subfolder a class is expected");
    }
    return new TrainTest(parts.train(), parts.test());
  }

  /**
   * The parts of a folder that is divided, with the form chosen from the training images and their
   * classes.
   *
   * @param notes gets what was decided without being asked, in sentences
   * @throws CajalException as {@link #read}, or if other images have a class of their own
   */
  public static Parts readParts(Path folder, Form form, Consumer<String> notes) {
    Path root = root(folder, notes);
    Path train = part(root, TRAIN_NAMES);
    Path test = part(root, TEST_NAMES);
    Path validation = part(root, VALIDATION_NAMES);
    if (train == null || test == null && validation == null) {
      throw new CajalException(
          folder
              + ": no folders \"train\" and \"test\"; both with one subfolder a class are"
              + " expected");
    }
    Dataset fitted = read(train, classFolders(train), null, form, notes);
    Form same = Form.of(fitted.featureShape()).skippingBroken(form.skipBroken());
    if (test != null && new ImageListing().folders(test).isEmpty()) {
      notes.accept(
          "the folder "
              + ImageListing.name(test)
              + " has no class folders: its images have no answers and are not measured on");
      test = null;
    }
    Dataset second = validation == null ? null : more(validation, fitted, same, notes);
    if (test == null) {
      return new Parts(fitted, null, second);
    }
    return new Parts(fitted, second, more(test, fitted, same, notes));
  }

  private static Dataset more(Path folder, Dataset train, Form form, Consumer<String> notes) {
    return read(folder, classFolders(folder), train.classLabels(), form, notes);
  }

  /** Whether a folder is divided into {@code train} and {@code test} or {@code val}. */
  public static boolean isDivided(Path folder) {
    Path root = root(folder, note -> {});
    return part(root, TRAIN_NAMES) != null
        && (part(root, TEST_NAMES) != null || part(root, VALIDATION_NAMES) != null);
  }

  /**
   * All images of a folder and of the folders in it, whatever their classes, by the same rules.
   *
   * @param skipBroken whether images that cannot be read are left out; else they are an error
   * @param notes gets what was passed over
   * @throws CajalException if there is none, or the folder or an image cannot be read
   */
  public static List<Path> files(Path folder, boolean skipBroken, Consumer<String> notes) {
    ImageListing listing = new ImageListing();
    List<Path> found = listing.imagesWithin(requireFolder(folder));
    if (found.isEmpty()) {
      throw new CajalException(
          folder + ": no images in this folder; " + ImageKind.builtIn() + " are read");
    }
    listing.note(notes);
    Reading reading = new Reading(folder, found.stream().sorted().toList());
    reading.forEachGood(i -> Images.decode(reading.files.get(i), 1, 1, 1));
    reading.report(skipBroken, notes);
    return IntStream.range(0, found.size())
        .filter(reading::isGood)
        .mapToObj(reading.files::get)
        .toList();
  }

  private static @Nullable Path part(Path root, List<String> names) {
    for (String name : names) {
      for (Path folder : new ImageListing().folders(root)) {
        if (ImageListing.name(folder).toLowerCase(Locale.ROOT).equals(name)) {
          return folder;
        }
      }
    }
    return null;
  }

  private static Path requireFolder(Path folder) {
    if (Files.notExists(folder)) {
      throw new CajalException(folder + ": no such folder; check the path");
    }
    if (!Files.isDirectory(folder)) {
      throw new CajalException(
          folder + ": is a file; a folder with one subfolder of images a class is expected");
    }
    return folder;
  }

  /** Where the classes or parts lie: the folder, or the only folder in it that has folders. */
  private static Path root(Path folder, Consumer<String> notes) {
    Path at = requireFolder(folder);
    while (true) {
      ImageListing listing = new ImageListing();
      List<Path> inner = listing.folders(at);
      if (inner.size() != 1
          || listing.folders(inner.getFirst()).isEmpty()
          || !listing.images(at).isEmpty()) {
        break;
      }
      at = inner.getFirst();
    }
    if (!at.equals(folder)) {
      notes.accept("the classes are read from the folder " + at + ", the only one");
    }
    return at;
  }

  private static List<Path> classFolders(Path folder) {
    ImageListing listing = new ImageListing();
    List<Path> folders = listing.folders(requireFolder(folder));
    if (folders.size() < 2) {
      int images = folders.isEmpty() ? listing.images(folder).size() : 0;
      throw new CajalException(
          folder
              + ": "
              + (images > 0
                  ? images + " images without classes"
                  : folders.isEmpty()
                      ? "no class folder"
                      : "one class folder only, \"" + ImageListing.name(folders.getFirst()) + "\"")
              + "; a folder with one subfolder of images a class, and at least 2 of them, is"
              + " expected");
    }
    refuseParts(folder, folders);
    return folders;
  }

  /** Folders that hold the same folders are parts under names that nobody knows, not classes. */
  private static void refuseParts(Path folder, List<Path> folders) {
    Set<String> shared = null;
    for (Path inner : folders) {
      ImageListing listing = new ImageListing();
      Set<String> names =
          listing.folders(inner).stream().map(ImageListing::name).collect(Collectors.toSet());
      if (names.size() < 2 || !listing.images(inner).isEmpty()) {
        return;
      }
      if (shared == null) {
        shared = new HashSet<>(names);
      } else {
        shared.retainAll(names);
      }
    }
    if (shared != null && shared.size() >= 2) {
      throw new CajalException(
          folder
              + ": each of its folders holds the folders "
              + quoted(shared.stream().sorted().toList())
              + "; if they are parts of one data set, name them \"train\" and \"test\", else give"
              + " the path of one");
    }
  }

  private static String quoted(List<String> names) {
    return names.stream()
            .limit(NAMED)
            .map(name -> "\"" + name + "\"")
            .collect(Collectors.joining(", "))
        + (names.size() > NAMED ? ", …" : "");
  }

  private static Dataset read(
      Path folder,
      List<Path> classFolders,
      @Nullable List<String> known,
      Form wanted,
      Consumer<String> notes) {
    List<String> labels =
        known == null ? classFolders.stream().map(ImageListing::name).toList() : known;
    ImageListing listing = new ImageListing();
    int beside = listing.images(folder).size();
    List<Path> files = new ArrayList<>();
    List<Integer> classes = new ArrayList<>();
    for (Path classFolder : classFolders) {
      int index = labels.indexOf(ImageListing.name(classFolder));
      if (index < 0) {
        throw new CajalException(
            Nearest.unknown(folder + ": no class", ImageListing.name(classFolder), labels));
      }
      List<Path> images = listing.imagesWithin(classFolder);
      requireImages(classFolder, images.size(), known);
      for (Path image : images) {
        files.add(image);
        classes.add(index);
      }
    }
    listing.note(notes);
    if (beside > 0) {
      notes.accept(beside + " images beside the class folders have no class and are passed over");
    }
    if (listing.inside() > 0) {
      notes.accept(
          listing.inside() + " images lie in folders inside of their class's folder; they count");
    }
    Reading reading = new Reading(folder, files);
    reading.readHeaders();
    Form form = reading.choose(wanted, notes);
    Reading.Pixels pixels = reading.readPixels(form, wanted.channels() == 0);
    int[] good = IntStream.range(0, files.size()).filter(i -> reading.isGood(i)).toArray();
    reading.report(wanted.skipBroken(), notes);
    if (good.length < files.size()) {
      for (Path classFolder : classFolders) {
        int index = labels.indexOf(ImageListing.name(classFolder));
        long left = Arrays.stream(good).filter(i -> classes.get(i) == index).count();
        requireImages(classFolder, (int) left, known);
      }
    }
    reading.noteColours(wanted, pixels.shape().dim(0), notes);
    int[] indices = Arrays.stream(good).map(classes::get).toArray();
    List<String> names = Arrays.stream(good).mapToObj(i -> reading.name(i)).toList();
    ByteRows rows = ByteRows.of(pixels.bytes(), pixels.shape()).named(names);
    return Dataset.classification(ImageListing.name(folder), rows, indices, labels)
        .withProvenance(folder.toString());
  }

  private static void requireImages(Path classFolder, int count, @Nullable List<String> known) {
    if (count == 0) {
      throw new CajalException(
          classFolder + ": the class folder holds no image; add images or remove the folder");
    }
    if (count == 1 && known == null) {
      throw new CajalException(
          classFolder
              + ": the class has one image only; each class needs at least 2: add images or"
              + " remove the folder");
    }
  }

  /** Files on their way to bytes, with what is wrong with each. */
  private static final class Reading {
    private final Path folder;
    private final List<Path> files;
    private final @Nullable ImageHeader[] headers;
    private final @Nullable BrokenImage[] faults;
    private final boolean[] colours;

    /** The images in one form, without those that cannot be read. */
    record Pixels(MemorySegment bytes, Shape shape) {}

    Reading(Path folder, List<Path> files) {
      this.folder = folder;
      this.files = files;
      this.headers = new ImageHeader[files.size()];
      this.faults = new BrokenImage[files.size()];
      this.colours = new boolean[files.size()];
    }

    boolean isGood(int i) {
      return faults[i] == null;
    }

    /** A file's name as seen from the folder. */
    String name(int i) {
      return folder.relativize(files.get(i)).toString().replace('\\', '/');
    }

    private interface Step {
      void run(int file) throws IOException, BrokenImage;
    }

    private void forEachGood(Step step) {
      IntStream.range(0, files.size())
          .filter(this::isGood)
          .parallel()
          .forEach(
              i -> {
                try {
                  step.run(i);
                } catch (BrokenImage e) {
                  faults[i] = e;
                } catch (AccessDeniedException e) {
                  faults[i] = new BrokenImage("permission denied", "make the file readable");
                } catch (IOException e) {
                  faults[i] = new BrokenImage(String.valueOf(e.getMessage()), "check the file");
                }
              });
    }

    void readHeaders() {
      forEachGood(i -> headers[i] = Images.header(files.get(i)));
    }

    /** The form wanted, with what is left open decided by the headers of all files. */
    Form choose(Form wanted, Consumer<String> notes) {
      List<ImageHeader> good = new ArrayList<>();
      for (int i = 0; i < files.size(); i++) {
        if (headers[i] != null && isGood(i)) {
          good.add(headers[i]);
        }
      }
      int channels =
          wanted.channels() != 0
              ? wanted.channels()
              : good.stream().anyMatch(ImageHeader::mayHaveColour) ? 3 : 1;
      Images.Size size =
          wanted.height() != 0 && wanted.width() != 0
              ? new Images.Size(wanted.width(), wanted.height())
              : size(good, channels, notes);
      int height = wanted.height() != 0 ? wanted.height() : size.height();
      int width = wanted.width() != 0 ? wanted.width() : size.width();
      Images.checkTarget(channels, height, width);
      return new Form(channels, height, width, wanted.skipBroken());
    }

    private static Images.Size size(
        List<ImageHeader> headers, int channels, Consumer<String> notes) {
      List<Images.Size> sizes =
          headers.stream().map(h -> new Images.Size(h.width(), h.height())).distinct().toList();
      if (sizes.isEmpty()) {
        return new Images.Size(DEFAULT_SIZE, DEFAULT_SIZE);
      }
      Images.Size first = sizes.getFirst();
      if (sizes.size() == 1 && Math.max(first.width(), first.height()) <= MOST_NATURAL_SIZE) {
        notes.accept("all images are of " + shown(first) + " and are read so");
        return first;
      }
      int[] shorter =
          headers.stream().mapToInt(h -> Math.min(h.width(), h.height())).sorted().toArray();
      double room = Math.sqrt((double) USUAL_BYTES / headers.size() / channels);
      int side =
          (int) Math.max(1, Math.min(Math.min(DEFAULT_SIZE, room), shorter[shorter.length / 2]));
      Images.Size chosen = new Images.Size(side, side);
      String seen;
      if (sizes.size() == 1) {
        // Whole, but never longer than twice its shorter side, in steps of 8.
        double shrink = (double) side / shorter[0];
        int width = Math.clamp(Math.round(first.width() * shrink / 8) * 8, side, 2 * side);
        int height = Math.clamp(Math.round(first.height() * shrink / 8) * 8, side, 2 * side);
        chosen = new Images.Size(width, height);
        seen = "all images are of " + shown(first);
      } else {
        Images.Size small = sizes.getFirst();
        Images.Size large = sizes.getFirst();
        for (Images.Size size : sizes) {
          small = area(size) < area(small) ? size : small;
          large = area(size) > area(large) ? size : large;
        }
        seen =
            "the images are of " + sizes.size() + " sizes, " + shown(small) + " to " + shown(large);
      }
      notes.accept(
          seen
              + ": each is scaled to cover "
              + shown(chosen)
              + " and cut at the centre (--size chooses another size)");
      return chosen;
    }

    private static long area(Images.Size size) {
      return (long) size.width() * size.height();
    }

    private static String shown(Images.Size size) {
      return size.width() + " × " + size.height();
    }

    /**
     * The pixels of all good files.
     *
     * @param mayBeGrey whether images without any colour become one channel
     */
    Pixels readPixels(Form form, boolean mayBeGrey) {
      long each = (long) form.channels() * form.height() * form.width();
      if (each * files.size() > MOST_BYTES) {
        throw new CajalException(
            folder
                + ": "
                + files.size()
                + " images of "
                + form.width()
                + " × "
                + form.height()
                + " need "
                + each * files.size()
                + " bytes; at most "
                + MOST_BYTES
                + " are allowed: choose a smaller size");
      }
      MemorySegment bytes = NDArray.allocate(each * files.size()).asSlice(0, each * files.size());
      forEachGood(
          i -> {
            ImageCanvas canvas =
                Images.decode(files.get(i), form.channels(), form.height(), form.width());
            colours[i] = canvas.hasColour();
            byte[] image = canvas.bytes();
            MemorySegment.copy(image, 0, bytes, ValueLayout.JAVA_BYTE, i * each, image.length);
          });
      boolean grey = mayBeGrey && form.channels() == 3 && count(i -> colours[i]) == 0;
      long kept = grey ? each / 3 : each; // one of three equal planes
      long to = 0;
      for (int i = 0; i < files.size(); i++) {
        if (isGood(i)) {
          MemorySegment.copy(bytes, i * each, bytes, to, kept);
          to += kept;
        }
      }
      return new Pixels(
          bytes.asSlice(0, to), Shape.of(grey ? 1 : form.channels(), form.height(), form.width()));
    }

    private int count(IntPredicate which) {
      return (int) IntStream.range(0, files.size()).filter(this::isGood).filter(which).count();
    }

    /** Refuses or leaves out what cannot be read, all files in one sentence. */
    void report(boolean skip, Consumer<String> notes) {
      List<String> broken = new ArrayList<>();
      for (int i = 0; i < files.size(); i++) {
        BrokenImage fault = faults[i];
        if (fault != null) {
          broken.add(name(i) + " (" + fault.reason() + ")");
        }
      }
      if (broken.isEmpty()) {
        return;
      }
      int more = broken.size() - NAMED;
      String list =
          String.join(", ", broken.subList(0, Math.min(NAMED, broken.size())))
              + (more > 0 ? " and " + more + " more" : "");
      String count = broken.size() + " of " + files.size() + " images cannot be read";
      if (!skip) {
        throw new CajalException(
            folder
                + ": "
                + count
                + ": "
                + list
                + "; mend or remove them, or leave them out by --skip-broken");
      }
      notes.accept(count + " and are left out: " + list);
    }

    void noteColours(Form wanted, int channels, Consumer<String> notes) {
      int all = count(i -> true);
      int coloured = count(i -> colours[i]);
      if (wanted.channels() == 0) {
        notes.accept(
            channels == 1
                ? "the images are read as grey: none of the " + all + " has colours"
                : coloured == all
                    ? "the images are read in colour"
                    : "the images are read in colour: "
                        + coloured
                        + " of "
                        + all
                        + " have colours (--grey reads all as grey)");
      } else if (channels == 1 && coloured > 0) {
        notes.accept(coloured + " of " + all + " images have colours and are read as grey");
      }
    }
  }
}
