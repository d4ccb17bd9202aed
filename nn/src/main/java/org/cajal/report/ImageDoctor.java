package org.cajal.report;

import java.util.List;
import java.util.Optional;

/** Warnings about images, in the manner of {@link Doctor}. */
public final class ImageDoctor {
  /** So many pairs are named. */
  private static final int NAMED = 3;

  private ImageDoctor() {}

  /**
   * Pictures in both sets: at least one test image shows the same picture as a training image,
   * without being the same to the bit (those are {@link Doctor#sharedRows}).
   *
   * @param shared how many test images do
   * @param testImages how many test images there are
   * @param pairs names of such images, "of the test = of the training", as far as they have names
   */
  public static Optional<String> nearDuplicates(long shared, long testImages, List<String> pairs) {
    if (shared <= 0) {
      return Optional.empty();
    }
    String named =
        pairs.isEmpty()
            ? ""
            : ": "
                + String.join(", ", pairs.subList(0, Math.min(NAMED, pairs.size())))
                + (shared > NAMED ? " and more" : "");
    return Optional.of(
        Numbers.count(shared)
            + " of "
            + Numbers.count(testImages)
            + " test images show nearly the same picture as a training image, which makes the"
            + " result look better than it is"
            + named
            + "; keep all versions of a picture in one part.");
  }
}
