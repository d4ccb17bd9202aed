package org.cajal.data;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The folder of public data sets; a test that needs a file which is absent is skipped and says so.
 */
final class RealData {
  private RealData() {}

  static Path folder() {
    return Path.of(System.getProperty("cajal.data", "../shared/data"));
  }

  static Path file(String name) {
    Path path = folder().resolve(name);
    assumeTrue(
        Files.exists(path),
        () -> "skipped: " + path + " is absent; set -Dcajal.data to the folder of data sets");
    return path;
  }
}
