package org.cajal.testkit.golden;

import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;

/**
 * Golden files as JUnit tests: one for each case, skipped where the files are absent or a case has
 * no counterpart.
 */
public final class GoldenTests {
  private static final System.Logger LOG = System.getLogger(GoldenTests.class.getName());

  private GoldenTests() {}

  /** One test for each case of a file in the folder of golden values. */
  public static Stream<DynamicTest> of(
      String fileName, GoldenMapping mapping, GoldenReport report) {
    Optional<Path> file = GoldenFile.directory().map(folder -> folder.resolve(fileName));
    if (file.isEmpty()) {
      return Stream.of(
          DynamicTest.dynamicTest(
              fileName + " is absent",
              () ->
                  Assumptions.abort(
                      "no folder of golden values at "
                          + System.getProperty("cajal.golden", "../shared/golden")
                          + "; name it with -Dcajal.golden=FOLDER")));
    }
    return GoldenFile.open(file.get()).cases().stream()
        .map(
            golden ->
                DynamicTest.dynamicTest(
                    golden.name(),
                    () ->
                        Assumptions.assumeTrue(
                            mapping.verify(golden, report),
                            () -> "no counterpart yet for " + golden.op())));
  }

  /** Logs how many cases ran and what has no counterpart. */
  public static void print(GoldenReport report) {
    LOG.log(System.Logger.Level.INFO, report.summary());
  }
}
