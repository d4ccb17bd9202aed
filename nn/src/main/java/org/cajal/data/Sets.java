package org.cajal.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cajal.type.CajalException;
import org.jspecify.annotations.Nullable;

/**
 * Public image sets by name: {@code mnist} (Y. LeCun, C. Cortes, C. Burges) and {@code
 * fashion-mnist} (H. Xiao, K. Rasul, R. Vollgraf 2017). Read from a folder, from the folder named
 * by the environment variable {@code CAJAL_DATA}, or downloaded once into {@code ~/.cache/cajal}
 * with the SHA-256 of each file verified.
 */
public final class Sets {
  private static final List<String> FILES =
      List.of(
          "train-images-idx3-ubyte.gz",
          "train-labels-idx1-ubyte.gz",
          "t10k-images-idx3-ubyte.gz",
          "t10k-labels-idx1-ubyte.gz");

  private static final List<Source> SOURCES =
      List.of(
          new Source(
              "mnist",
              List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
              List.of(
                  "https://yann.lecun.com/exdb/mnist/",
                  "https://storage.googleapis.com/cvdf-datasets/mnist/",
                  "https://ossci-datasets.s3.amazonaws.com/mnist/"),
              Map.of(
                  FILES.get(0), "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
                  FILES.get(1), "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
                  FILES.get(2), "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
                  FILES.get(3), "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
              "MNIST handwritten digits, Y. LeCun, C. Cortes and C. Burges"),
          new Source(
              "fashion-mnist",
              List.of(
                  "T-shirt/top",
                  "Trouser",
                  "Pullover",
                  "Dress",
                  "Coat",
                  "Sandal",
                  "Shirt",
                  "Sneaker",
                  "Bag",
                  "Ankle boot"),
              List.of("https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/"),
              Map.of(
                  FILES.get(0), "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
                  FILES.get(1), "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
                  FILES.get(2), "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
                  FILES.get(3), "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
              "Fashion-MNIST, H. Xiao, K. Rasul and R. Vollgraf 2017 (MIT licence)"));

  private Sets() {}

  /**
   * One set: its name, classes, addresses in the order in which they are tried, and SHA-256 by
   * file.
   */
  private record Source(
      String name,
      List<String> labels,
      List<String> addresses,
      Map<String, String> sums,
      String provenance) {}

  /** The names of the known sets. */
  public static List<String> names() {
    return SOURCES.stream().map(Source::name).toList();
  }

  /**
   * A set by name: 60,000 training and 10,000 test images of shape [1, 28, 28], 10 classes.
   *
   * <p>In a folder, each file may lie at {@code <folder>/<name>/} or {@code <folder>/}, packed
   * ({@code .gz}) or not. Files in a folder are the user's and are not compared with the published
   * sums.
   *
   * @param folder where to look, or null for {@code CAJAL_DATA}, then the cache, then the network
   * @throws CajalException if the name is unknown, the folder lacks a file, a file is bad, or the
   *     download fails
   */
  public static TrainTest load(String name, @Nullable Path folder) {
    Path home = Path.of(System.getProperty("user.home", "."));
    return load(
        name, folder, System.getenv("CAJAL_DATA"), home.resolve(".cache").resolve("cajal"), null);
  }

  static TrainTest load(
      String name,
      @Nullable Path folder,
      @Nullable String environment,
      Path cache,
      @Nullable String address) {
    Source source =
        SOURCES.stream()
            .filter(s -> s.name().equals(name))
            .findFirst()
            .orElseThrow(() -> new CajalException(Nearest.unknown("[data] no set", name, names())));
    List<Path> paths = new ArrayList<>();
    if (folder != null) {
      for (String file : FILES) {
        Path found = find(folder, name, file);
        if (found == null) {
          throw new CajalException(
              "["
                  + name
                  + "] no "
                  + file
                  + " (packed or not) in "
                  + folder
                  + " or "
                  + folder.resolve(name)
                  + "; give the folder with the four files of "
                  + name
                  + ", or none to download them");
        }
        paths.add(found);
      }
    } else {
      for (String file : FILES) {
        Path found =
            environment == null || environment.isBlank()
                ? null
                : find(Path.of(environment), name, file);
        if (found == null) {
          List<String> addresses = address == null ? source.addresses() : List.of(address);
          String sum = source.sums().getOrDefault(file, "");
          found = Download.cached(name, file, addresses, sum, cache.resolve(name));
        }
        paths.add(found);
      }
    }
    Dataset train = Idx.read(name, paths.get(0), paths.get(1), source.labels());
    Dataset test = Idx.read(name, paths.get(2), paths.get(3), source.labels());
    return new TrainTest(
        train.withProvenance(source.provenance()), test.withProvenance(source.provenance()));
  }

  private static @Nullable Path find(Path folder, String name, String file) {
    String plain = file.substring(0, file.length() - ".gz".length());
    for (Path base : List.of(folder.resolve(name), folder)) {
      for (String candidate : List.of(file, plain)) {
        if (Files.isRegularFile(base.resolve(candidate))) {
          return base.resolve(candidate);
        }
      }
    }
    return null;
  }
}
