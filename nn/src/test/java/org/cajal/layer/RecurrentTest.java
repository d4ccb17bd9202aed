package org.cajal.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.cajal.tensor.Tensor;
import org.cajal.type.CajalException;
import org.cajal.type.CounterRandom;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.junit.jupiter.api.Test;

class RecurrentTest {
  private static final int UNITS = 3;

  private static Tensor numbers(String name, int... dims) {
    NDArray out = NDArray.zeros(DType.F64, Shape.of(dims));
    for (long i = 0; i < out.size(); i++) {
      out.set(i, CounterRandom.normal(CounterRandom.key(4, name), i));
    }
    return Tensor.constant(out);
  }

  private static RecurrentCell.Weights weights(RecurrentCell cell, String name, int features) {
    int width = cell.gates() * UNITS;
    return new RecurrentCell.Weights(
        numbers(name + "w", features, width),
        numbers(name + "u", UNITS, width),
        numbers(name + "b", width),
        numbers(name + "c", width));
  }

  private static RecurrentCell.Weights of(Parameters p, String path) {
    return new RecurrentCell.Weights(
        Tensor.of(p.get(path + "weight")),
        Tensor.of(p.get(path + "recurrentWeight")),
        Tensor.of(p.get(path + "bias")),
        null);
  }

  @Test
  void aStackInBothDirectionsIsWhatItsCellsAre() {
    Recurrent network = Layers.lstm(UNITS).withLayers(2).withBidirectional(true);
    Parameters p = new Parameters(DType.F64, 1);
    Tensor x = numbers("x", 2, 4, 5);
    double[] all = Forward.evaluation(network, p, x).output().toDoubles();
    Tensor last = Forward.evaluation(network.withSequences(false), p, x).output();
    Tensor below = x.transpose(1, 0, 2);
    RecurrentCell.Outcome forward = null;
    RecurrentCell.Outcome backward = null;
    for (int l = 0; l < 2; l++) {
      forward = RecurrentCell.LSTM.run(below, List.of(), of(p, l + "/"), false);
      backward = RecurrentCell.LSTM.run(below, List.of(), of(p, l + "/backward/"), true);
      below = Tensor.concatenate(2, List.of(forward.outputs(), backward.outputs()));
    }
    assertThat(all).containsExactly(below.transpose(1, 0, 2).toDoubles());
    assertThat(last.toDoubles())
        .containsExactly(
            Tensor.concatenate(
                    1,
                    List.of(below.select(0, 3).slice(1, 0, 3), below.select(0, 0).slice(1, 3, 6)))
                .toDoubles());
  }

  @Test
  void aSequenceInTwoPartsIsTheWhole() {
    for (RecurrentCell cell : RecurrentCell.values()) {
      RecurrentCell.Weights w = weights(cell, "cut", 2);
      Tensor x = numbers("x", 6, 4, 2);
      RecurrentCell.Outcome whole = cell.run(x, List.of(), w, false);
      RecurrentCell.Outcome first = cell.run(x.slice(0, 0, 2), List.of(), w, false);
      RecurrentCell.Outcome second = cell.run(x.slice(0, 2, 6), first.last(), w, false);
      assertThat(first.last()).hasSize(cell.states());
      assertThat(whole.outputs().slice(0, 2, 6).toDoubles())
          .containsExactly(second.outputs().toDoubles());
      assertThat(
              cell.step(x.select(0, 0), List.of(zeros(), zeros()).subList(0, cell.states()), w)
                  .get(0)
                  .toDoubles())
          .containsExactly(whole.outputs().select(0, 0).toDoubles());
    }
  }

  private static Tensor zeros() {
    return Tensor.zeros(DType.F64, Shape.of(4, UNITS));
  }

  @Test
  void backwardsIsForwardsOnTheReversedSequence() {
    RecurrentCell.Weights w = weights(RecurrentCell.GRU, "back", 2);
    Tensor x = numbers("x", 5, 1, 2);
    Tensor there = RecurrentCell.GRU.run(x, List.of(), w, true).outputs();
    Tensor back = RecurrentCell.GRU.run(x.flip(0), List.of(), w, false).outputs().flip(0);
    assertThat(there.toDoubles()).containsExactly(back.toDoubles());
  }

  @Test
  void forgetGatesStartOpenAndDropoutIsOffInEvaluation() {
    Parameters p = new Parameters(1);
    Recurrent plain = Layers.lstm(UNITS).withLayers(2);
    Tensor x = numbers("x", 2, 3, 2).cast(DType.F32);
    float[] expected = Forward.evaluation(plain, p, x).output().toFloats();
    assertThat(p.get("0/bias").value().toFloats())
        .containsExactly(0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0);
    assertThat(Forward.evaluation(plain.withDropout(0.5), p, x).output().toFloats())
        .containsExactly(expected);
  }

  @Test
  void theTraceCountsTheProductsOfAllSteps() {
    Forward forward =
        Forward.evaluation(
            Layers.lstm(7), new Parameters(1), Tensor.input("x", DType.F32, Shape.of(1, 5, 3)));
    assertThat(forward.trace().multiplyAdds()).isEqualTo(5 * (3 * 28 + 7 * 28));
    assertThat(forward.trace().parameters()).isEqualTo(3 * 28 + 7 * 28 + 28);
  }

  @Test
  void workBelongsToTheLayerThatDoesIt() {
    Layer attention = Layers.multiHeadAttention(2);
    Forward forward =
        Forward.evaluation(
            attention, new Parameters(1), Tensor.input("x", DType.F32, Shape.of(1, 5, 4)));
    assertThat(forward.trace().steps().stream().map(Trace.Step::multiplyAdds))
        .containsExactly(5L * 4 * 12 + 2 * 5 * 5 * 4, 5L * 4 * 4);
  }

  @Test
  void statesAndWeightsThatDoNotFitAreRefused() {
    RecurrentCell.Weights w = weights(RecurrentCell.LSTM, "bad", 2);
    Tensor x = numbers("x", 5, 4, 2);
    assertThatThrownBy(() -> RecurrentCell.LSTM.run(x, List.of(zeros()), w, false))
        .isInstanceOf(CajalException.class)
        .hasMessageStartingWith("[recurrent] needs 2 initial states [4, 3], found [[4, 3]]");
    assertThatThrownBy(() -> RecurrentCell.GRU.run(x, List.of(), w, false))
        .isInstanceOf(CajalException.class)
        .hasMessageStartingWith(
            "[recurrent] needs x [T, B, F] of at least one step, weights [F, 3·H] and [H, 3·H] and"
                + " biases [3·H], found [5, 4, 2] and weights [2, 12], [3, 12]");
    assertThatThrownBy(() -> RecurrentCell.LSTM.step(x, List.of(), w))
        .isInstanceOf(CajalException.class)
        .hasMessageStartingWith("[recurrent] a step needs [B, F], found [5, 4, 2]");
  }
}
