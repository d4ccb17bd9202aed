package org.cajal.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.cajal.report.Diagnosis.Verdict;
import org.junit.jupiter.api.Test;

class DiagnosisTest {
  private static final double UNKNOWN = Double.NaN;

  @Test
  void seesOverfittingWhereTheCurvesPart() {
    Diagnosis d =
        Diagnosis.of(List.of(1.0, 0.5, 0.3, 0.2, 0.1), List.of(1.0, 0.6, 0.5, 0.6, 0.7), UNKNOWN);
    assertThat(d.verdict()).isEqualTo(Verdict.OVERFITS);
    assertThat(d.bestEpoch()).isEqualTo(3);
    assertThat(d.sentence())
        .isEqualTo(
            "The network overfits: after epoch 3 the training loss kept falling (0.3 to 0.1) while"
                + " the validation loss rose (0.5 to 0.7).");
    assertThat(d.advice()).startsWith("Try more or augmented data, dropout");
  }

  @Test
  void seesOverfittingWhenTheValidationLossEndsAsNoNumber() {
    Diagnosis d = Diagnosis.of(List.of(1.0, 0.5, 0.1), List.of(1.0, 0.6, Double.NaN), UNKNOWN);
    assertThat(d.verdict()).isEqualTo(Verdict.OVERFITS);
  }

  @Test
  void seesOverfittingInAWideGap() {
    Diagnosis d = Diagnosis.of(List.of(1.0, 0.3, 0.1, 0.09), List.of(1.0, 0.7, 0.6, 0.61), UNKNOWN);
    assertThat(d.verdict()).isEqualTo(Verdict.OVERFITS);
    assertThat(d.sentence())
        .isEqualTo(
            "The network overfits: its least validation loss, 0.6, is far above the training loss"
                + " of the same epoch, 0.1.");
  }

  @Test
  void toleratesASmallGapOnASmallLoss() {
    Diagnosis d =
        Diagnosis.of(
            List.of(0.3, 0.05, 0.02, 0.02), List.of(0.1, 0.06, 0.045, 0.046), Math.log(10));
    assertThat(d.verdict()).isEqualTo(Verdict.FITS);
    assertThat(d.sentence())
        .isEqualTo(
            "The network fits well: at epoch 3, whose validation loss is the least, that loss"
                + " (0.045) is, measured by what guessing costs, close to the training loss"
                + " (0.02).");
  }

  @Test
  void seesUnderfittingNextToAConstantGuess() {
    Diagnosis d = Diagnosis.of(List.of(2.3, 2.25, 2.2), List.of(2.3, 2.25, 2.21), 2.3026);
    assertThat(d.verdict()).isEqualTo(Verdict.UNDERFITS);
    assertThat(d.sentence())
        .isEqualTo(
            "The network underfits: even on the training set its loss stays at 2.2, where a"
                + " constant guess has 2.303.");
  }

  @Test
  void seesThatTheLossIsStillFalling() {
    Diagnosis d =
        Diagnosis.of(
            List.of(1.0, 0.8, 0.6, 0.4, 0.3), List.of(1.0, 0.85, 0.65, 0.45, 0.35), UNKNOWN);
    assertThat(d.verdict()).isEqualTo(Verdict.STILL_LEARNING);
    assertThat(d.sentence())
        .isEqualTo(
            "The network was still learning when training ended: the validation loss fell from 0.45"
                + " to 0.35 in the last epoch.");
    assertThat(Diagnosis.of(List.of(1.0, 0.8, 0.6, 0.4, 0.3), List.of(), UNKNOWN).sentence())
        .contains("the training loss fell");
  }

  @Test
  void seesDivergence() {
    assertThat(Diagnosis.of(List.of(1.0, Double.NaN), List.of(), UNKNOWN).sentence())
        .isEqualTo("Training diverged: the training loss is not a number after epoch 2.");
    Diagnosis rising = Diagnosis.of(List.of(2.5, 3.0, 4.0), List.of(2.5, 3.0, 4.0), 2.3);
    assertThat(rising.verdict()).isEqualTo(Verdict.DIVERGED);
    assertThat(rising.sentence())
        .isEqualTo("Training diverged: the training loss rose from 2.5 to 4.");
    assertThat(rising.bestEpoch()).isEqualTo(1);
    assertThat(
            Diagnosis.of(
                    List.of(1.0, 0.5, 0.4), List.of(Double.NaN, Double.NaN, Double.NaN), UNKNOWN)
                .sentence())
        .isEqualTo("The validation loss is in no epoch a finite number.");
  }

  @Test
  void takesALossThatIsStuckAtChanceForUnderfitting() {
    Diagnosis d = Diagnosis.of(List.of(2.305, 2.304, 2.31), List.of(2.3, 2.3, 2.3), 2.3026);
    assertThat(d.verdict()).isEqualTo(Verdict.UNDERFITS);
  }

  @Test
  void doesNotJudgeTooFewEpochs() {
    assertThat(Diagnosis.of(List.of(), List.of(), UNKNOWN).sentence())
        .isEqualTo("No epoch was finished.");
    assertThat(Diagnosis.of(List.of(0.5), List.of(0.5), UNKNOWN).sentence())
        .isEqualTo("One epoch is too few to tell whether the network under- or overfits.");
  }

  @Test
  void saysThatNothingIsKnownWithoutAValidationSet() {
    Diagnosis d = Diagnosis.of(List.of(1.0, 0.5, 0.5, 0.5), List.of(), UNKNOWN);
    assertThat(d.verdict()).isEqualTo(Verdict.FITS);
    assertThat(d.sentence())
        .isEqualTo(
            "The training loss has settled at 0.5; without a validation set nothing can be said"
                + " about overfitting.");
  }

  @Test
  void takesTheFirstOfEqualEpochsAndSkipsWhatIsNoNumber() {
    assertThat(Diagnosis.bestEpoch(List.of(Double.NaN, 0.5, 0.4, 0.4))).isEqualTo(3);
    assertThat(Diagnosis.bestEpoch(List.of(Double.NaN))).isZero();
  }
}
