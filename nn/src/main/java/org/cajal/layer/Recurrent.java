package org.cajal.layer;

import java.util.ArrayList;
import java.util.List;
import org.cajal.init.Fans;
import org.cajal.init.Initializer;
import org.cajal.tensor.Tensor;
import org.cajal.type.Shape;

/**
 * A recurrent network over sequences: x [N, T, F] → [N, T, units], or [N, units] of the last step.
 * It starts from states of zero. Bidirectional networks (M. Schuster, K. Paliwal: "Bidirectional
 * recurrent neural networks", 1997) give [forward, backward] side by side, 2·units, and as the last
 * step that which each direction took last. Any T may follow another: parameters do not depend on
 * it.
 *
 * <p>Parameters of layer l, with as many gates as the cell has: "l/weight" [F, gates·units],
 * "l/recurrentWeight" [units, gates·units], "l/bias" [gates·units], which starts at 0 but for the
 * forget gates of an {@link RecurrentCell#LSTM}, which start at 1 (R. Jozefowicz, W. Zaremba, I.
 * Sutskever, ICML 2015); for a {@link RecurrentCell#GRU} also "l/recurrentBias" [gates·units].
 * Those of the other direction are in "l/backward".
 *
 * @param cell what happens at each step
 * @param units the numbers of an output, at least 1
 * @param layers how many are stacked, each on the outputs of the one below, at least 1
 * @param bidirectional whether a second network goes from the end to the start
 * @param sequences whether to give the outputs of all steps, or of the last alone
 * @param dropout the share of zeros among the numbers that go from layer to layer, from 0 to less
 *     than 1
 * @param bias whether there are biases
 * @param weights the start of the weights of the input
 * @param recurrentWeights the start of the weights of the recurrence
 */
public record Recurrent(
    RecurrentCell cell,
    int units,
    int layers,
    boolean bidirectional,
    boolean sequences,
    double dropout,
    boolean bias,
    Initializer weights,
    Initializer recurrentWeights)
    implements Layer {
  /**
   * Checks the setting.
   *
   * @throws org.cajal.type.CajalException if a number is out of range
   */
  public Recurrent {
    Checks.atLeast("recurrent", "units", units, 1);
    Checks.atLeast("recurrent", "layers", layers, 1);
    Checks.probability("recurrent", "dropout", dropout);
  }

  /** This with another number of layers. */
  public Recurrent withLayers(int number) {
    return new Recurrent(
        cell, units, number, bidirectional, sequences, dropout, bias, weights, recurrentWeights);
  }

  /** This in both directions, or in one. */
  public Recurrent withBidirectional(boolean whether) {
    return new Recurrent(
        cell, units, layers, whether, sequences, dropout, bias, weights, recurrentWeights);
  }

  /** This with the outputs of all steps, or of the last alone. */
  public Recurrent withSequences(boolean whether) {
    return new Recurrent(
        cell, units, layers, bidirectional, whether, dropout, bias, weights, recurrentWeights);
  }

  /** This with another dropout from layer to layer. */
  public Recurrent withDropout(double rate) {
    return new Recurrent(
        cell, units, layers, bidirectional, sequences, rate, bias, weights, recurrentWeights);
  }

  /** This with or without biases. */
  public Recurrent withBias(boolean whether) {
    return new Recurrent(
        cell, units, layers, bidirectional, sequences, dropout, whether, weights, recurrentWeights);
  }

  @Override
  public Tensor apply(Tensor x, Scope scope) {
    scope.requireFloating(x);
    if (x.rank() != 3 || x.dim(1) < 1 || x.dim(2) < 1) {
      throw scope.error(
          "needs sequences [N, steps, features], found "
              + x.shape()
              + "; put embedding(...) before it if these are symbols");
    }
    // Time first, so that each step is one contiguous block.
    Tensor steps = x.transpose(1, 0, 2);
    Tensor last = steps;
    for (int l = 0; l < layers; l++) {
      Scope at = scope.at(Integer.toString(l));
      if (l > 0 && dropout > 0) {
        steps = at.apply("dropout", new Dropout(dropout), steps);
      }
      List<Tensor> outputs = new ArrayList<>();
      List<Tensor> ends = new ArrayList<>();
      for (boolean backwards : bidirectional ? new boolean[] {false, true} : new boolean[1]) {
        Scope direction = backwards ? at.at("backward") : at;
        RecurrentCell.Weights numbers = numbers(direction, steps.dim(2));
        RecurrentCell.Outcome outcome =
            scope.sketches()
                ? standIn(direction, steps, numbers)
                : cell.run(steps, List.of(), numbers, backwards);
        outputs.add(outcome.outputs());
        ends.add(outcome.last().get(0));
      }
      steps = Tensor.concatenate(2, outputs);
      last = Tensor.concatenate(1, ends);
    }
    return sequences ? steps.transpose(1, 0, 2) : last;
  }

  private RecurrentCell.Outcome standIn(Scope scope, Tensor x, RecurrentCell.Weights numbers) {
    int steps = x.dim(0);
    int batch = x.dim(1);
    long products = numbers.input().shape().size() + numbers.recurrent().shape().size();
    long all = Math.multiplyExact(Math.multiplyExact((long) steps, batch), products);
    return new RecurrentCell.Outcome(
        scope.standIn("outputs", Shape.of(steps, batch, units), steps, all),
        List.of(scope.standIn("last", Shape.of(batch, units), 0, 0)));
  }

  private RecurrentCell.Weights numbers(Scope scope, int features) {
    int width = Math.multiplyExact(cell.gates(), units);
    Shape row = Shape.of(width);
    Tensor input =
        scope.parameter("weight", Shape.of(features, width), weights, Fans.dense(features, units));
    Tensor recurrent =
        scope.parameter(
            "recurrentWeight", Shape.of(units, width), recurrentWeights, Fans.dense(units, units));
    if (!bias) {
      return new RecurrentCell.Weights(input, recurrent, null, null);
    }
    Tensor shift =
        scope.parameter(
            "bias",
            row,
            Initializer.zeros(),
            null,
            values -> {
              for (int i = 0; cell == RecurrentCell.LSTM && i < units; i++) {
                values.set(units + (long) i, 1);
              }
            });
    Tensor recurrentShift =
        cell == RecurrentCell.GRU
            ? scope.parameter("recurrentBias", row, Initializer.zeros())
            : null;
    return new RecurrentCell.Weights(input, recurrent, shift, recurrentShift);
  }
}
