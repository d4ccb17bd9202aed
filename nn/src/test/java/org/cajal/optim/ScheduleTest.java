package org.cajal.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.OptionalDouble;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.cajal.type.CajalException;
import org.junit.jupiter.api.Test;

final class ScheduleTest {
  @Test
  void ratesAtTheCornersAreThoseOfTheFormulas() {
    assertThat(Schedule.constant(0.1).at(1_000_000_000_000L)).isEqualTo(0.1);
    assertRates(new Schedule.Constant(1, 0.5, 2), 0.5, 0.5, 1, 1);
    assertRates(new Schedule.Step(1, 2, 0.5), 1, 1, 0.5, 0.5, 0.25);
    assertRates(new Schedule.MultiStep(1, List.of(1L, 3L, 3L), 0.5), 1, 0.5, 0.5, 0.125);
    assertRates(new Schedule.Exponential(1, 2), 1, 2, 4, 8);
    assertRates(new Schedule.Cosine(1, 2, 0.5), 1, 0.75, 0.5, 0.75, 1);
    assertRates(
        new Schedule.WarmRestarts(1, 2, 2, 0),
        1,
        0.5,
        1,
        0.8535533905932737,
        0.5,
        0.14644660940672624,
        1);
    assertRates(new Schedule.WarmRestarts(1, 2, 1, 0), 1, 0.5, 1, 0.5, 1);
    assertRates(new Schedule.Linear(2, 0.5, 1, 2), 1, 1.5, 2, 2);
    assertRates(new Schedule.Polynomial(1, 4, 2), 1, 0.5625, 0.25, 0.0625, 0, 0);
    assertRates(new Schedule.InverseSqrt(1, 2), 0.5, 1, Math.sqrt(2 / 3.0), Math.sqrt(0.5));
    assertRates(new Schedule.Noam(1, 4, 4), 0.0625, 0.125, 0.1875, 0.25, 0.5 / Math.sqrt(5));
    assertRates(Schedule.cosineWithWarmUp(1, 2, 4, 0), 0, 0.5, 1, 0.5, 0);
    assertRates(Schedule.cosineWithWarmUp(1, 0, 2, 0), 1, 0.5, 0);
    assertRates(Schedule.linearWithWarmUp(1, 1, 3), 0, 1, 0.5, 0, 0);
    assertRates(
        new Cyclic(1, 3, 2, 1, Cyclic.Amplitude.HALVING, 1, 0.8, 0.9), 1, 2, 3, 1, 1.5, 2, 1, 1.25);
  }

  private static void assertRates(Schedule schedule, double... rates) {
    for (int t = 0; t < rates.length; t++) {
      assertThat(schedule.at(t)).as("%s at %s", schedule, t).isCloseTo(rates[t], within(1e-15));
    }
  }

  @Test
  void oneCycleRisesFallsAndStays() {
    OneCycle cycle = new OneCycle(1, 11, 4 / 11.0, OneCycle.Curve.LINEAR, 10, 10, false, 0.8, 0.9);
    assertThat(cycle.at(0)).isCloseTo(0.1, within(1e-15));
    assertThat(cycle.at(3)).isCloseTo(1, within(1e-15));
    assertThat(cycle.at(10)).isCloseTo(0.01, within(1e-15));
    assertThat(cycle.at(1000)).isEqualTo(cycle.at(10));
    assertThat(cycle.momentum(0).orElseThrow()).isCloseTo(0.9, within(1e-15));
    assertThat(cycle.momentum(3).orElseThrow()).isCloseTo(0.8, within(1e-15));
    assertThat(cycle.momentum(10).orElseThrow()).isCloseTo(0.9, within(1e-15));
    assertThat(new Schedule.WarmUp(0.5, 4, cycle).momentum(7)).isEqualTo(cycle.momentum(3));
    assertThat(Schedule.constant(1).momentum(0)).isEqualTo(OptionalDouble.empty());
  }

  @Test
  void oneCycleOfAnyLengthIsFinite() {
    for (long steps = 1; steps < 40; steps++) {
      for (double rise : new double[] {0, 0.025, 0.3, 0.5, 1}) {
        OneCycle cycle =
            new OneCycle(1, steps, rise, OneCycle.Curve.COSINE, 25, 1e4, rise <= 0.5, 0.85, 0.95);
        for (long t = 0; t < steps + 2; t++) {
          assertThat(cycle.at(t)).isBetween(0.0, 1 + 1e-15);
          assertThat(cycle.momentum(t).orElseThrow()).isBetween(0.85 - 1e-15, 0.95 + 1e-15);
        }
      }
    }
  }

  @Test
  void aPlateauLowersTheRateAndItsStateCanBeSaved() {
    ReduceOnPlateau settings =
        new ReduceOnPlateau(
            1, ReduceOnPlateau.Goal.FALL, 0.5, 1, 0, ReduceOnPlateau.Change.ABSOLUTE, 1, 0.3, 0);
    ReduceOnPlateau.State state = settings.start();
    double[] metrics = {5, 4, 4, Double.NaN, 4, 4, 4, 4, 4, 4, 4, 3};
    double[] rates = {1, 1, 1, 0.5, 0.5, 0.5, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3};
    for (int i = 0; i < metrics.length; i++) {
      ReduceOnPlateau.State saved =
          new ReduceOnPlateau.State(
              state.rate(), state.best(), state.withoutImprovement(), state.coolingDown());
      state = settings.next(saved, metrics[i]);
      assertThat(state.rate()).as("after measurement %s", i).isEqualTo(rates[i]);
    }
    assertThat(state.best()).isEqualTo(3);
  }

  @Test
  void badSettingsAreRefused() {
    refused(
        () -> Schedule.constant(-1),
        "[schedule] constant: rate is -1.0; it must be larger than 0, and finite");
    refused(
        () -> new Schedule.Step(0.1, 0, 0.5),
        "[schedule] step: every is 0; it must be 1 or larger");
    refused(
        () -> new Schedule.MultiStep(0.1, List.of(3L, -1L), 0.5),
        "[schedule] multi-step: milestone is -1; it must be 0 or larger");
    refused(
        () -> new Schedule.Cosine(0.1, 10, Double.NaN),
        "[schedule] cosine: minimum is NaN; it must be 0 or larger, and finite");
    refused(
        () -> new Schedule.WarmUp(2, 10, Schedule.constant(1)),
        "[schedule] warm-up: start factor is 2.0; it must be from 0.0 to 1.0");
    refused(
        () -> Schedule.cosineWithWarmUp(0.1, 10, 10, 0),
        "[schedule] 10 steps of warm-up leave nothing of 10 steps; shorten the warm-up");
    refused(
        () ->
            new ReduceOnPlateau(
                1, ReduceOnPlateau.Goal.FALL, 1, 1, 0, ReduceOnPlateau.Change.ABSOLUTE, 1, 0.3, 0),
        "[schedule] reduce on plateau: factor is 1.0; it must be between 0 and 1, both excluded");
    refused(
        () -> new OneCycle(1, 10, 0.6, OneCycle.Curve.COSINE, 25, 1e4, true, 0.85, 0.95),
        "[schedule] one cycle: rise is 0.6; it must be from 0.0 to 0.5");
  }

  private static void refused(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(CajalException.class).hasMessage(message);
  }
}
