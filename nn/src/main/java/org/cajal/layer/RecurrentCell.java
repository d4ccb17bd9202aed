package org.cajal.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.cajal.tensor.Tensor;
import org.cajal.type.CajalException;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * What a recurrent network does at each step, as plain functions for layers of one's own; {@link
 * Recurrent} is the layer. σ is the logistic function, · between vectors goes element by element, a
 * = x W + b is the part of the input x, and h the output of the step before.
 */
public enum RecurrentCell {
  /** h ← tanh(a + h U) (J. Elman: "Finding structure in time", Cognitive Science 14, 1990). */
  TANH(1, 1),
  /**
   * h ← max(0, a + h U) (Q. Le, N. Jaitly, G. Hinton: "A simple way to initialize recurrent
   * networks of rectified linear units", 2015).
   */
  RELU(1, 1),
  /**
   * Long short-term memory (S. Hochreiter, J. Schmidhuber, Neural Computation 9, 1997) with forget
   * gates (F. Gers, J. Schmidhuber, F. Cummins: "Learning to forget", Neural Computation 12, 2000):
   * (i, f, g, o) = a + h U, c ← σ(f)·c + σ(i)·tanh(g), h ← σ(o)·tanh(c). The states are h and c.
   */
  LSTM(4, 2),
  /**
   * Gated recurrent unit (K. Cho et al.: "Learning phrase representations using RNN
   * encoder-decoder", EMNLP 2014), its reset gate applied after the recurrent product: (r, z, n) =
   * a and (r', z', n') = h U + u, h ← (1 − s)·m + s·h with s = σ(z + z') and m = tanh(n + σ(r +
   * r')·n').
   */
  GRU(3, 1);

  /**
   * The numbers of a cell with H units. Blocks of H columns belong to one gate each, in the order
   * of the formulas.
   *
   * @param input W [F, gates·H]
   * @param recurrent U [H, gates·H]
   * @param bias b [gates·H], or null
   * @param recurrentBias u [gates·H], or null; but in a {@link #GRU} it is just added to b
   */
  public record Weights(
      Tensor input, Tensor recurrent, @Nullable Tensor bias, @Nullable Tensor recurrentBias) {}

  /**
   * What became of a sequence.
   *
   * @param outputs h after each step [T, B, H], in the order of the input's steps
   * @param last the states after the step that was taken last, each [B, H]
   */
  public record Outcome(Tensor outputs, List<Tensor> last) {
    /** Fixes the list. */
    public Outcome {
      last = List.copyOf(last);
    }
  }

  private final int gates;
  private final int states;

  RecurrentCell(int gates, int states) {
    this.gates = gates;
    this.states = states;
  }

  /** How many numbers a unit computes from its inputs at each step. */
  public int gates() {
    return gates;
  }

  /** How many numbers a unit hands on to the next step. */
  public int states() {
    return states;
  }

  /**
   * One step.
   *
   * @param x [B, F]
   * @param state h, and for {@link #LSTM} c, each [B, H]
   * @return the next state; its first part is the output
   * @throws CajalException if the shapes do not fit
   */
  public List<Tensor> step(Tensor x, List<Tensor> state, Weights w) {
    if (x.rank() != 2) {
      throw CajalException.at("recurrent", "a step needs [B, F], found " + x.shape());
    }
    return run(x.expandDims(0), state, w, false).last();
  }

  /**
   * All steps of a sequence, one after the other; gradients flow back through all of them.
   *
   * @param x [T, B, F], the time first
   * @param initial the states before the first step, each [B, H]; an empty list for zeros
   * @param backwards whether the last step of x is taken first
   * @throws CajalException if the shapes do not fit
   */
  public Outcome run(Tensor x, List<Tensor> initial, Weights w, boolean backwards) {
    int units = w.recurrent.dim(0);
    requireShapes(x, initial, w, units);
    int steps = x.dim(0);
    int batch = x.dim(1);
    Tensor inputs = x.flatten(0, 1).matmul(w.input);
    if (w.bias != null) {
      inputs = inputs.plus(w.bias);
    }
    if (w.recurrentBias != null && this != GRU) {
      inputs = inputs.plus(w.recurrentBias);
    }
    Tensor zeros = Tensor.zeros(x.dtype(), Shape.of(batch, units));
    List<Tensor> state = initial.isEmpty() ? Collections.nCopies(states, zeros) : initial;
    Tensor[] outputs = new Tensor[steps];
    for (int i = 0; i < steps; i++) {
      int t = backwards ? steps - 1 - i : i;
      state = next(inputs.slice(0, t * batch, (t + 1) * batch), state, w);
      outputs[t] = state.get(0);
    }
    Tensor all = Tensor.concatenate(0, Arrays.asList(outputs));
    return new Outcome(all.reshape(steps, batch, units), state);
  }

  private void requireShapes(Tensor x, List<Tensor> initial, Weights w, int units) {
    Shape row = Shape.of(gates * units);
    if (x.rank() != 3
        || x.dim(0) < 1
        || !w.input.shape().equals(Shape.of(x.dim(2), gates * units))
        || !w.recurrent.shape().equals(Shape.of(units, gates * units))
        || (w.bias != null && !w.bias.shape().equals(row))
        || (w.recurrentBias != null && !w.recurrentBias.shape().equals(row))) {
      throw CajalException.at(
          "recurrent",
          "needs x [T, B, F] of at least one step, weights [F, "
              + gates
              + "·H] and [H, "
              + gates
              + "·H] and biases ["
              + gates
              + "·H], found "
              + x.shape()
              + " and weights "
              + w.input.shape()
              + ", "
              + w.recurrent.shape());
    }
    Shape state = Shape.of(x.dim(1), units);
    if (!initial.isEmpty()
        && (initial.size() != states || initial.stream().anyMatch(s -> !s.shape().equals(state)))) {
      throw CajalException.at(
          "recurrent",
          "needs "
              + states
              + " initial states "
              + state
              + ", found "
              + initial.stream().map(Tensor::shape).toList());
    }
  }

  /** The states after a step whose part of the input is known, [B, gates·H]. */
  private List<Tensor> next(Tensor input, List<Tensor> state, Weights w) {
    Tensor h = state.get(0);
    Tensor before = h.matmul(w.recurrent);
    return switch (this) {
      case TANH -> List.of(input.plus(before).tanh());
      case RELU -> List.of(input.plus(before).relu());
      case LSTM -> {
        List<Tensor> g = parts(input.plus(before));
        Tensor kept = g.get(1).sigmoid().times(state.get(1));
        Tensor c = kept.plus(g.get(0).sigmoid().times(g.get(2).tanh()));
        yield List.of(g.get(3).sigmoid().times(c.tanh()), c);
      }
      case GRU -> {
        List<Tensor> a = parts(input);
        List<Tensor> b = parts(w.recurrentBias == null ? before : before.plus(w.recurrentBias));
        Tensor reset = a.get(0).plus(b.get(0)).sigmoid();
        Tensor kept = a.get(1).plus(b.get(1)).sigmoid();
        Tensor fresh = a.get(2).plus(reset.times(b.get(2))).tanh();
        yield List.of(fresh.plus(kept.times(h.minus(fresh))));
      }
    };
  }

  /** [B, gates·H] gate by gate. */
  private List<Tensor> parts(Tensor all) {
    int units = all.dim(1) / gates;
    List<Tensor> out = new ArrayList<>();
    for (int i = 0; i < gates; i++) {
      out.add(all.slice(1, i * units, (i + 1) * units));
    }
    return out;
  }
}
