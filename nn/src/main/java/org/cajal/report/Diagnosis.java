package org.cajal.report;

import java.util.List;
import java.util.Optional;

/**
 * Whether a network under- or overfits, read from its loss on the training and the validation set
 * after each epoch.
 *
 * <p>The rules, in the order they are tried. The best epoch is the one with the least validation
 * loss (the least training loss where there is no validation set); "from the start" means from the
 * first epoch's training loss, or from the loss of a constant guess where that is known.
 *
 * <ol>
 *   <li><b>Diverged</b>: the last training loss is not finite, or it is more than 10 % above the
 *       first one and above a constant guess; or no validation loss is finite.
 *   <li><b>Too short</b>: fewer than 3 epochs.
 *   <li><b>Underfits</b>: the best training loss is known to stay above 70 % of a constant guess's.
 *   <li><b>Overfits</b>: since the best epoch the training loss fell by 10 % or more while the
 *       validation loss rose by 10 % or more; or at the best epoch the validation loss is more than
 *       twice the training loss, and the gap between them is more than a tenth of the way from the
 *       start.
 *   <li><b>Still learning</b>: the best epoch is among the last tenth (at least one), and in the
 *       last fifth of the epochs the watched loss fell by 5 % or more.
 *   <li><b>Fits</b>: none of these.
 * </ol>
 *
 * <p>The thresholds are rules of thumb for reading learning curves, see Goodfellow, Bengio and
 * Courville, Deep Learning (2016), sections 5.2 and 11.3.
 *
 * @param verdict which rule held
 * @param bestEpoch the epoch of the least loss, counted from 1; 0 without a finite loss
 * @param sentence what is to be seen, in one sentence
 * @param advice what to try, in one sentence
 */
public record Diagnosis(Verdict verdict, int bestEpoch, String sentence, String advice) {
  private static final int FEWEST_EPOCHS = 3;
  private static final double UNDERFIT_SHARE = 0.7;
  private static final double CHANGE = 0.1;
  private static final double GAP_FACTOR = 2;
  private static final double STILL_FALLING = 0.05;

  /** What the curves say. */
  public enum Verdict {
    /** Training and validation loss are low and close. */
    FITS,
    /** The network learns the training set by heart. */
    OVERFITS,
    /** The network does not even learn the training set. */
    UNDERFITS,
    /** The loss was still falling when training ended. */
    STILL_LEARNING,
    /** The loss rose or ceased to be a number. */
    DIVERGED,
    /** Too few epochs to tell. */
    TOO_SHORT
  }

  /**
   * The diagnosis of a run.
   *
   * @param training the training loss after each epoch
   * @param validation the validation loss after each epoch, or empty
   * @param chanceLoss the loss of a constant guess, {@code NaN} if unknown
   */
  public static Diagnosis of(List<Double> training, List<Double> validation, double chanceLoss) {
    int best = bestEpoch(validation.isEmpty() ? training : validation);
    if (training.isEmpty()) {
      return new Diagnosis(
          Verdict.TOO_SHORT,
          0,
          "No epoch was finished.",
          "Train for at least " + FEWEST_EPOCHS + " epochs.");
    }
    return diverged(training, chanceLoss, best)
        .or(() -> tooShort(training, best))
        .or(() -> underfits(training, chanceLoss, best))
        .or(() -> overfits(training, validation, chanceLoss, best))
        .or(() -> stillLearning(training, validation, best))
        .orElseGet(() -> fits(training, validation, best));
  }

  /**
   * The epoch of the least finite loss, counted from 1; the first of several; 0 if none is finite.
   */
  public static int bestEpoch(List<Double> losses) {
    int best = 0;
    for (int i = 0; i < losses.size(); i++) {
      if (Double.isFinite(losses.get(i)) && (best == 0 || losses.get(i) < losses.get(best - 1))) {
        best = i + 1;
      }
    }
    return best;
  }

  private static Optional<Diagnosis> diverged(List<Double> training, double chanceLoss, int best) {
    double first = training.getFirst();
    double last = training.getLast();
    boolean finite = Double.isFinite(last);
    boolean above =
        last - first > CHANGE * Math.abs(first) && (Double.isNaN(chanceLoss) || last > chanceLoss);
    if (best == 0 && finite) {
      return Optional.of(
          new Diagnosis(
              Verdict.DIVERGED,
              best,
              "The validation loss is in no epoch a finite number.",
              "Look at the validation set for missing or infinite values and for labels that the"
                  + " training set lacks."));
    }
    if (finite && !above) {
      return Optional.empty();
    }
    String seen =
        finite
            ? "Training diverged: the training loss rose from "
                + value(first)
                + " to "
                + value(last)
                + "."
            : "Training diverged: the training loss is "
                + value(last)
                + " after epoch "
                + training.size()
                + ".";
    return Optional.of(
        new Diagnosis(
            Verdict.DIVERGED,
            best,
            seen,
            "Try a learning rate 3 to 10 times smaller, and look at the inputs for values of very"
                + " different size."));
  }

  private static Optional<Diagnosis> tooShort(List<Double> training, int best) {
    if (training.size() >= FEWEST_EPOCHS) {
      return Optional.empty();
    }
    String epochs = training.size() == 1 ? "One epoch is" : "Two epochs are";
    return Optional.of(
        new Diagnosis(
            Verdict.TOO_SHORT,
            best,
            epochs + " too few to tell whether the network under- or overfits.",
            "Train for more epochs; with a validation set, training stops by itself when it no"
                + " longer helps."));
  }

  private static Optional<Diagnosis> underfits(List<Double> training, double chanceLoss, int best) {
    double least = training.get(bestEpoch(training) - 1);
    if (!(chanceLoss > 0) || least <= UNDERFIT_SHARE * chanceLoss) {
      return Optional.empty();
    }
    return Optional.of(
        new Diagnosis(
            Verdict.UNDERFITS,
            best,
            "The network underfits: even on the training set its loss stays at "
                + value(least)
                + ", where a constant guess has "
                + value(chanceLoss)
                + ".",
            "Try a larger learning rate, more epochs, more units or layers, less regularisation, or"
                + " inputs that say more."));
  }

  private static Optional<Diagnosis> overfits(
      List<Double> training, List<Double> validation, double chanceLoss, int best) {
    if (validation.size() != training.size() || best == 0) {
      return Optional.empty();
    }
    String advice =
        "Try more or augmented data, dropout, weight decay, or a smaller network; early stopping"
            + " keeps the best epoch.";
    double trainingThen = training.get(best - 1);
    double trainingNow = training.getLast();
    double validationThen = validation.get(best - 1);
    double validationNow = validation.getLast();
    boolean parted =
        trainingNow <= (1 - CHANGE) * trainingThen
            && !(validationNow < validationThen + CHANGE * Math.abs(validationThen));
    if (parted) {
      return Optional.of(
          new Diagnosis(
              Verdict.OVERFITS,
              best,
              "The network overfits: after epoch "
                  + best
                  + " the training loss kept falling ("
                  + value(trainingThen)
                  + " to "
                  + value(trainingNow)
                  + ") while the validation loss rose ("
                  + value(validationThen)
                  + " to "
                  + value(validationNow)
                  + ").",
              advice));
    }
    double start = Double.isNaN(chanceLoss) ? training.getFirst() : chanceLoss;
    double gap = validationThen - trainingThen;
    if (trainingThen >= 0
        && validationThen > GAP_FACTOR * trainingThen
        && gap > CHANGE * (start - trainingThen)) {
      return Optional.of(
          new Diagnosis(
              Verdict.OVERFITS,
              best,
              "The network overfits: its least validation loss, "
                  + value(validationThen)
                  + ", is far above the training loss of the same epoch, "
                  + value(trainingThen)
                  + ".",
              advice));
    }
    return Optional.empty();
  }

  private static Optional<Diagnosis> stillLearning(
      List<Double> training, List<Double> validation, int best) {
    List<Double> watched = validation.isEmpty() ? training : validation;
    int epochs = watched.size();
    int before = epochs - 1 - Math.max(1, epochs / 5);
    if (best <= epochs - Math.max(1, epochs / 10) || before < 0) {
      return Optional.empty();
    }
    double then = watched.get(before);
    double now = watched.getLast();
    if (!(then - now >= STILL_FALLING * Math.abs(then))) {
      return Optional.empty();
    }
    return Optional.of(
        new Diagnosis(
            Verdict.STILL_LEARNING,
            best,
            "The network was still learning when training ended: the "
                + (validation.isEmpty() ? "training" : "validation")
                + " loss fell from "
                + value(then)
                + " to "
                + value(now)
                + " in the last "
                + (epochs - 1 - before == 1 ? "epoch." : epochs - 1 - before + " epochs."),
            "Train for more epochs, or try a larger learning rate."));
  }

  private static Diagnosis fits(List<Double> training, List<Double> validation, int best) {
    if (validation.isEmpty()) {
      return new Diagnosis(
          Verdict.FITS,
          best,
          "The training loss has settled at "
              + value(training.getLast())
              + "; without a validation set nothing can be said about overfitting.",
          "Hold back a validation set to see how well the network does on examples it has not"
              + " seen.");
    }
    return new Diagnosis(
        Verdict.FITS,
        best,
        "The network fits well: at epoch "
            + best
            + ", whose validation loss is the least, that loss ("
            + value(validation.get(best - 1))
            + ") is, measured by what guessing costs, close to the training loss ("
            + value(training.get(best - 1))
            + ").",
        "To get further, try a larger network together with more regularisation, or more data.");
  }

  private static String value(double loss) {
    return Numbers.plain(loss);
  }
}
