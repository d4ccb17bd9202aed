package org.cajal.data;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cajal.type.CajalException;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Images in one subfolder a class, the folder's name being the class's. Files are taken in the
 * order of their names; names that begin with a dot and the leftovers of file managers are passed
 * over, anything else must be an image (see {@link Images}).
 */
public final class ImageFolder {
  private static final long MOST_BYTES = 1L << 34;
  private static final int DEFAULT_SIZE = 64;
  private static final int MOST_NATURAL_SIZE = 128;
  private static final Set<String> LEFTOVERS = Set.of("thumbs.db", "desktop.ini");
  private static final Set<String> TEST_NAMES = Set.of("test", "val", "valid", "validation");

  private ImageFolder() {}

  /**
   * The form into which images are brought.
   *
   * @param channels 1 for grey, 3 for colour, 0 to choose: grey if the first image of each class
   *     has no colours
   * @param height in pixels, 0 to choose: the size of the first image of each class if these agree
   *     and no side is longer than 128, else 64 × 64
   * @param width in pixels, 0 to choose as the height
   */
  public record Form(int channels, int height, int width) {
    /** Everything chosen from the images. */
    public static final Form CHOOSE = new Form(0, 0, 0);

    /** The form of a feature shape [C, H, W], for example that of a model. */
    public static Form of(Shape shape) {
      if (shape.rank() != 3) {
        throw new CajalException(
            "[images] a shape [channels, height, width] is needed, found " + shape);
      }
      return new Form(shape.dim(0), shape.dim(1), shape.dim(2));
    }
  }

  /**
   * All images of a folder.
   *
   * @return images [C, H, W], classes in the order of their names
   * @throws CajalException if the folder is missing or has fewer than two class folders, a class
   *     folder holds fewer than two images, or a file is no image, broken or of huge declared size
   */
  public static Dataset read(Path folder, Form form) {
    return read(folder, classFolders(folder), null, form);
  }

  /**
   * The images below {@code train} and {@code test} (or {@code val}, {@code valid}, {@code
   * validation}) of a folder, with the form chosen from the training images and their classes.
   *
   * @throws CajalException as {@link #read}, or if the test images have a class of their own
   */
  public static TrainTest readTrainTest(Path folder, Form form) {
    Path test = testFolder(folder);
    if (test == null) {
      throw new CajalException(
          folder
              + ": no folders \"train\" and \"test\"; both with one subfolder a class are"
              + " expected");
    }
    Dataset train = read(folder.resolve("train"), form);
    return new TrainTest(
        train, read(test, classFolders(test), train.classLabels(), Form.of(train.featureShape())));
  }

  /** Whether a folder is divided into {@code train} and {@code test}. */
  public static boolean isDivided(Path folder) {
    return testFolder(folder) != null;
  }

  private static @Nullable Path testFolder(Path folder) {
    if (!Files.isDirectory(folder.resolve("train"))) {
      return null;
    }
    return TEST_NAMES.stream()
        .sorted()
        .map(folder::resolve)
        .filter(Files::isDirectory)
        .findFirst()
        .orElse(null);
  }

  private static Dataset read(
      Path folder, List<Path> classFolders, @Nullable List<String> known, Form wanted) {
    List<Path> files = new ArrayList<>();
    List<Integer> classes = new ArrayList<>();
    List<String> labels =
        known == null ? classFolders.stream().map(ImageFolder::name).toList() : known;
    List<Path> firsts = new ArrayList<>();
    for (Path classFolder : classFolders) {
      int index = labels.indexOf(name(classFolder));
      if (index < 0) {
        throw new CajalException(Nearest.unknown(folder + ": no class", name(classFolder), labels));
      }
      List<Path> images = list(classFolder).stream().filter(p -> !isLeftover(p)).toList();
      if (images.isEmpty()) {
        throw new CajalException(
            classFolder + ": the class folder holds no image; add images or remove the folder");
      }
      if (images.size() == 1 && known == null) {
        throw new CajalException(
            classFolder
                + ": the class has one image only; each class needs at least 2: add images or"
                + " remove the folder");
      }
      firsts.add(images.getFirst());
      for (Path image : images) {
        files.add(image);
        classes.add(index);
      }
    }
    Form form = choose(wanted, firsts);
    Images.checkTarget(form.channels(), form.height(), form.width());
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
    IntStream.range(0, files.size())
        .parallel()
        .forEach(
            i -> {
              byte[] image =
                  Images.read(files.get(i), form.channels(), form.height(), form.width());
              MemorySegment.copy(image, 0, bytes, ValueLayout.JAVA_BYTE, i * each, image.length);
            });
    ByteRows rows = ByteRows.of(bytes, Shape.of(form.channels(), form.height(), form.width()));
    int[] indices = classes.stream().mapToInt(Integer::intValue).toArray();
    return Dataset.classification(name(folder), rows, indices, labels)
        .withProvenance(folder.toString());
  }

  private static Form choose(Form wanted, List<Path> firsts) {
    int height = wanted.height();
    int width = wanted.width();
    if (height == 0 || width == 0) {
      Images.Size size = Images.size(firsts.getFirst());
      boolean agree = firsts.stream().allMatch(p -> Images.size(p).equals(size));
      boolean natural = agree && Math.max(size.width(), size.height()) <= MOST_NATURAL_SIZE;
      height = height != 0 ? height : natural ? size.height() : DEFAULT_SIZE;
      width = width != 0 ? width : natural ? size.width() : DEFAULT_SIZE;
    }
    int channels = wanted.channels();
    if (channels == 0) {
      channels = firsts.stream().allMatch(Images::isGrey) ? 1 : 3;
    }
    return new Form(channels, height, width);
  }

  private static List<Path> classFolders(Path folder) {
    if (Files.notExists(folder)) {
      throw new CajalException(folder + ": no such folder; check the path");
    }
    if (!Files.isDirectory(folder)) {
      throw new CajalException(
          folder + ": is a file; a folder with one subfolder of images a class is expected");
    }
    List<Path> folders =
        list(folder).stream().filter(Files::isDirectory).filter(p -> !isLeftover(p)).toList();
    if (folders.size() < 2) {
      throw new CajalException(
          folder
              + ": "
              + (folders.isEmpty()
                  ? "no class folder"
                  : "one class folder only, \"" + name(folders.getFirst()) + "\"")
              + "; a folder with one subfolder of images a class, and at least 2 of them, is"
              + " expected");
    }
    return folders;
  }

  private static List<Path> list(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    } catch (IOException e) {
      throw Input.failure(folder, e);
    }
  }

  private static boolean isLeftover(Path path) {
    return name(path).startsWith(".") || LEFTOVERS.contains(name(path).toLowerCase(Locale.ROOT));
  }

  private static String name(Path path) {
    Path last = path.toAbsolutePath().normalize().getFileName();
    return last == null ? path.toString() : last.toString();
  }
}
