package org.cajal.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Looks through folders of images. A file counts if its name ends as those of images do or if it is
 * one by its content; hidden files, leftovers of systems and everything else are passed over and
 * counted by kind.
 */
final class ImageListing {
  private static final int MOST_DEPTH = 16;
  private static final Set<String> LEFTOVERS = Set.of("thumbs.db", "desktop.ini", "__macosx");

  /** How many of each kind were passed over; the kind as it stands in the note. */
  private final Map<String, Integer> passedOver = new TreeMap<>();

  private int inside;

  /** The folders in a folder that may hold images, in the order of their names. */
  List<Path> folders(Path folder) {
    List<Path> out = new ArrayList<>();
    for (Path path : list(folder)) {
      if (Files.isDirectory(path) && !isLeftover(path)) {
        out.add(path);
      }
    }
    return out;
  }

  /** The images that lie in a folder itself. */
  List<Path> images(Path folder) {
    List<Path> out = new ArrayList<>();
    for (Path path : list(folder)) {
      if (isLeftover(path)) {
        count(Files.isDirectory(path) ? "folder " + name(path) : leftover(name(path)));
      } else if (!Files.isDirectory(path)) {
        if (isImage(path)) {
          out.add(path);
        } else {
          String ending = ImageKind.ending(name(path));
          count(ending.isEmpty() ? name(path) : "." + ending);
        }
      }
    }
    return out;
  }

  /** The images of a folder and of the folders in it. */
  List<Path> imagesWithin(Path folder) {
    return imagesWithin(folder, 0);
  }

  private List<Path> imagesWithin(Path folder, int depth) {
    List<Path> out = new ArrayList<>(images(folder));
    if (depth < MOST_DEPTH) {
      for (Path inner : folders(folder)) {
        if (!Files.isSymbolicLink(inner)) {
          List<Path> more = imagesWithin(inner, depth + 1);
          inside += more.size();
          out.addAll(more);
        }
      }
    }
    return out;
  }

  /** How many of the images so far lay in a folder inside of the one that was asked for. */
  int inside() {
    return inside;
  }

  private void count(String kind) {
    passedOver.merge(kind, 1, Integer::sum);
  }

  /** Says once what was passed over, if anything. */
  void note(Consumer<String> notes) {
    int total = passedOver.values().stream().mapToInt(Integer::intValue).sum();
    if (total > 0) {
      String kinds =
          passedOver.entrySet().stream()
              .map(e -> e.getValue() + " " + e.getKey())
              .collect(Collectors.joining(", "));
      notes.accept("passed over what is no image: " + kinds);
    }
  }

  /** The entries of a folder, in the order of their names. */
  static List<Path> list(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    } catch (IOException e) {
      throw Input.failure(folder, e);
    }
  }

  private static boolean isImage(Path path) {
    if (ImageKind.isImageName(name(path))) {
      return true;
    }
    if (!Files.isRegularFile(path) && Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return false; // a pipe, a device, a link that leads nowhere
    }
    return Images.isImage(path);
  }

  private static boolean isLeftover(Path path) {
    return name(path).startsWith(".") || LEFTOVERS.contains(name(path).toLowerCase(Locale.ROOT));
  }

  private static String leftover(String name) {
    return name.startsWith(".") ? "hidden" : name;
  }

  /** The last part of a path. */
  static String name(Path path) {
    Path last = path.toAbsolutePath().normalize().getFileName();
    return last == null ? path.toString() : last.toString();
  }
}
