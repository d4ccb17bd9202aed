package org.cajal.app;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.cajal.data.ArrayPair;
import org.cajal.data.Csv;
import org.cajal.data.CsvOptions;
import org.cajal.data.Dataset;
import org.cajal.data.ImageFolder;
import org.cajal.data.ImageScaling;
import org.cajal.data.Notes;
import org.cajal.data.Rows;
import org.cajal.data.Table;
import org.cajal.data.Target;
import org.cajal.data.Task;
import org.cajal.model.ModelSpec;
import org.cajal.type.CajalException;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/** NumPy's array files as the command takes them: a table of numbers, or images by class. */
final class ArrayData {
  /** Values so many deviations from the mean are in another unit than those learned from. */
  private static final double FAR = 30;

  private ArrayData() {}

  /** The table in a file to measure on, whatever its kind. */
  static Table table(
      Path file,
      CsvOptions csv,
      ArrayPair.Part part,
      @Nullable String xName,
      @Nullable String yName) {
    return ArrayPair.isArrays(file)
        ? ArrayPair.readHeldBack(file, part, xName, yName).table(null)
        : Csv.read(file, csv);
  }

  /**
   * Data to train on. Where numbers are to be predicted, images are the rows of a table of pixels.
   *
   * @param notes takes what is decided without being asked, also where an error follows
   * @throws CajalException if the arrays cannot be read or it is not plain what they are for
   */
  static TrainingData prepare(Path file, DataOptions options, Notes notes) {
    refuse("--type", !options.types.isEmpty());
    refuse("--drop", !options.dropped.isEmpty());
    if (options.target != null && options.x == null && options.y == null) {
      Table table = ArrayPair.readExamples(file, null).table(null);
      return Tables.prepare(table, table, options.target, options, notes);
    }
    refuse("--target", options.target != null);
    ArrayPair pair = ArrayPair.read(file, ArrayPair.Part.TRAIN, options.x, options.y);
    pair.notes().forEach(notes::add);
    if (options.x == null && options.y == null) {
      if (options.test == null && ArrayPair.has(file, ArrayPair.Part.TEST)) {
        options.test = file.toString();
      }
      if (options.validation == null && ArrayPair.has(file, ArrayPair.Part.VALIDATION)) {
        options.validation = file.toString();
      }
    }
    Task wanted = options.task == null ? null : options.task.task();
    if (pair.isImages()) {
      Table answers = pair.answers(wanted);
      Target target =
          Target.of(
              answers,
              Target.references(answers, pair.target()),
              options.targetOptions(List.of(pair.target())));
      if (target.task() == Task.CLASSIFICATION) {
        Rows images = pair.images();
        target.notes().forEach(notes::add);
        notes.add(pair.shape() + " are taken for " + pair.rows() + " images " + images.shape());
        Dataset all =
            Dataset.classification(pair.name(), images, target.classes(), target.labels())
                .withProvenance(file.toString());
        return Sources.images(
            new ImageFolder.Parts(all, null, null), options, new ArrayList<>(notes.sentences()));
      }
      notes.add(pair.shape() + " are taken for the rows of a table of pixels, to predict a number");
    }
    Table table = pair.table(wanted);
    return Tables.prepare(table, table, pair.target(), options, notes);
  }

  private static void refuse(String option, boolean given) {
    if (given) {
      throw new CajalException(
          option + " is for tables with named columns; arrays are named by --x and --y");
    }
  }

  /**
   * Images of known classes to measure on.
   *
   * @param form one image, as the model takes it
   * @param labels the classes' names
   * @throws CajalException if the arrays cannot be read, or a class or the form is another
   */
  static Dataset images(
      Path file,
      ArrayPair.Part part,
      @Nullable String xName,
      @Nullable String yName,
      Shape form,
      List<String> labels) {
    ArrayPair pair = ArrayPair.readHeldBack(file, part, xName, yName);
    Table answers = pair.answers(Task.CLASSIFICATION);
    int[] classes = new int[pair.rows()];
    for (int i = 0; i < classes.length; i++) {
      String label = answers.column(pair.target()).text(i);
      classes[i] = label == null ? -1 : labels.indexOf(label);
      if (classes[i] < 0) {
        throw new CajalException(
            file
                + ": answer "
                + i
                + " (counted from 0) is "
                + (label == null ? "missing" : "\"" + label + "\"")
                + "; the classes are "
                + Sources.shown(labels));
      }
    }
    return Dataset.classification(pair.name(), images(file, pair, form), classes, labels)
        .withProvenance(file.toString());
  }

  private static Rows images(Path file, ArrayPair pair, Shape form) {
    if (!pair.isImages()) {
      throw new CajalException(
          file + ": the examples are " + pair.shape() + "; the model takes images " + form);
    }
    Rows images = pair.images();
    if (!images.shape().equals(form)) {
      throw new CajalException(
          file + ": the images are " + images.shape() + "; the model takes " + form);
    }
    return images;
  }

  /**
   * Images as a model takes them, [N, C, H, W].
   *
   * @throws CajalException if the array cannot be read, or its images are of another form or unit
   */
  static NDArray inputs(ModelSpec model, Path file, @Nullable String xName) {
    ArrayPair pair = ArrayPair.readExamples(file, xName);
    Rows images = images(file, pair, model.inputShape());
    Dataset data =
        Dataset.classification(pair.name(), images, new int[pair.rows()], model.labels());
    return scaled(model, data, file).features();
  }

  /**
   * Images with the model's scaling.
   *
   * @throws CajalException if their values are plainly in another unit than those learned from
   */
  static Dataset scaled(ModelSpec model, Dataset data, Path file) {
    if (model.scaling().isEmpty()) {
      return data;
    }
    ImageScaling scaling = model.scaling().get();
    Dataset out = data.scaled(scaling);
    if (!data.isImages()) {
      for (int row = 0; row < out.size(); row++) {
        NDArray values = out.features(row);
        for (long i = 0; i < values.size(); i++) {
          if (Math.abs(values.get(i)) > FAR) {
            throw new CajalException(
                file
                    + ": example "
                    + row
                    + " (counted from 0) holds the value "
                    + data.features(row).get(i)
                    + "; the model learned from values about "
                    + scaling.mean()
                    + " with deviation "
                    + scaling.deviation()
                    + ": bring both into one unit");
          }
        }
      }
    }
    return out;
  }
}
