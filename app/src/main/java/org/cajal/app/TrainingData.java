package org.cajal.app;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.cajal.data.Dataset;
import org.cajal.data.ImageScaling;
import org.cajal.data.Preprocessing;
import org.jspecify.annotations.Nullable;

/**
 * Data ready to train on.
 *
 * @param name of the file, the folder or the set
 * @param kind what it is, which decides the usual network
 * @param train to fit on
 * @param validation to stop by; null for none
 * @param test to measure on in the end; null for none
 * @param preprocessing of a table's rows, fitted on {@code train}
 * @param scaling of an image's pixels, fitted on {@code train}
 * @param testRows the rows of {@code test} as the user knows them; empty where they are no rows of
 *     a table
 * @param everyRow makes the rows of all parts that were divided off one table; empty where the
 *     parts are files of their own, or all rows are trained on anyway
 * @param words options that say what was chosen without being asked, for the command that repeats
 *     the run
 * @param warnings about how the rows were divided, in sentences
 * @param notes what was decided without being asked, in sentences
 */
record TrainingData(
    String name,
    Kind kind,
    Dataset train,
    @Nullable Dataset validation,
    @Nullable Dataset test,
    Optional<Preprocessing> preprocessing,
    Optional<ImageScaling> scaling,
    Optional<TableRows> testRows,
    Optional<Supplier<Dataset>> everyRow,
    List<String> words,
    List<String> warnings,
    List<String> notes) {
  /** Data about which nothing was chosen that a command would have to repeat. */
  TrainingData(
      String name,
      Kind kind,
      Dataset train,
      @Nullable Dataset validation,
      @Nullable Dataset test,
      Optional<Preprocessing> preprocessing,
      Optional<ImageScaling> scaling,
      Optional<TableRows> testRows,
      List<String> notes) {
    this(
        name,
        kind,
        train,
        validation,
        test,
        preprocessing,
        scaling,
        testRows,
        Optional.empty(),
        List.of(),
        List.of(),
        notes);
  }

  /** What data is. */
  enum Kind {
    /** A table that the user names. */
    TABLE,
    /** Images of any size. */
    IMAGES,
    /** A truth table, whose rows are all there is. */
    TRUTH,
    /** Points made by rule. */
    POINTS
  }

  /** Fixes the lists. */
  TrainingData {
    words = List.copyOf(words);
    warnings = List.copyOf(warnings);
    notes = List.copyOf(notes);
  }
}
