package org.cajal.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.cajal.data.Dataset;
import org.cajal.data.InputColumns;
import org.cajal.init.Initializer;
import org.cajal.layer.EnsembleMean;
import org.cajal.layer.Layer;
import org.cajal.layer.Layers;
import org.cajal.layer.PiecewiseLinear;
import org.cajal.layer.Sequential;

/** The network that {@link Presets#tabular} makes, as it is put together. */
final class TableEnsemble {
  /** The rows that quantiles are taken from, at most. */
  private static final int SAMPLE = 20_000;

  /** The features of intervals together, at most. */
  private static final int MOST_FEATURES = 1024;

  /** The fewest intervals that are worth their features. */
  private static final int LEAST_INTERVALS = 4;

  /** Edges are multiples of a ten-thousandth of a column's standard deviation. */
  private static final double ROUNDING = 1e4;

  private final InputColumns columns;
  private final Optional<PiecewiseLinear> places;
  private final int outputs;
  private final List<Layer> groups = new ArrayList<>();
  private int members;

  /**
   * Begins.
   *
   * @param train the rows to train on
   * @param intervals that a column of numbers is divided into, at most
   */
  TableEnsemble(Dataset train, int intervals) {
    this.columns =
        train
            .inputColumns()
            .orElseGet(() -> new InputColumns((int) train.featureShape().size(), List.of(), 0));
    this.outputs = train.outputs();
    this.places = places(train, columns.plain(), intervals);
  }

  /** Adds members of two tanh layers on the plain inputs. */
  TableEnsemble smooth(int count, int units, double dropout) {
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      layers.add(Layers.ensembleDense(count, units, Initializer.glorotUniform()));
      layers.add(Layers.tanh());
      layers.add(Layers.dropout(dropout));
    }
    return group(count, layers);
  }

  /** Adds members of two rectified layers on the plain inputs. */
  TableEnsemble rectified(int count, int units, double dropout) {
    return group(count, rectifiedLayers(count, units, dropout));
  }

  /** Adds members of two rectified layers on the plain inputs and the places of numbers. */
  TableEnsemble steep(int count, int units, double dropout) {
    List<Layer> layers = new ArrayList<>();
    places.ifPresent(layer -> layers.add(Layers.concatenate(Layers.linear(), layer)));
    layers.addAll(rectifiedLayers(count, units, dropout));
    return group(count, layers);
  }

  private static List<Layer> rectifiedLayers(int count, int units, double dropout) {
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      layers.add(Layers.ensembleDense(count, units, Initializer.heNormal()));
      layers.add(Layers.relu());
      layers.add(Layers.dropout(dropout));
    }
    return layers;
  }

  private TableEnsemble group(int count, List<Layer> layers) {
    layers.add(Layers.ensembleDense(count, outputs, Initializer.glorotUniform()));
    groups.add(new Sequential(layers));
    members += count;
    return this;
  }

  /** The network. */
  Layer network() {
    Layer answers =
        groups.size() == 1 ? groups.getFirst() : Layers.concatenate(groups.toArray(Layer[]::new));
    List<Layer> layers = new ArrayList<>();
    List<Layer> deep = new ArrayList<>(Presets.plainAndVectors(columns));
    deep.add(answers);
    int rest = columns.width() - columns.words();
    if (columns.words() == 0) {
      layers.addAll(deep);
    } else {
      layers.add(
          Layers.sum(
              new Sequential(deep),
              Layers.sequential(
                  Layers.columns(rest, columns.width()),
                  Layers.ensembleDense(members, outputs, Initializer.glorotUniform()))));
    }
    layers.add(Layers.ensembleMean());
    return new Sequential(layers);
  }

  /** A network of {@link #network} whose members learn together; any other as it is. */
  static Layer together(Layer network) {
    if (!(network instanceof Sequential s) || !(s.layers().getLast() instanceof EnsembleMean)) {
      return network;
    }
    List<Layer> layers = new ArrayList<>(s.layers().subList(0, s.layers().size() - 1));
    layers.add(new EnsembleMean(true));
    return new Sequential(layers);
  }

  /** The places between quantiles of the plain inputs that have enough different values. */
  private static Optional<PiecewiseLinear> places(Dataset train, int plain, int intervals) {
    int rows = Math.min(train.size(), SAMPLE);
    int[] sample = new int[rows];
    for (int i = 0; i < rows; i++) {
      sample[i] = (int) ((long) i * train.size() / rows);
    }
    float[] values = train.features(sample).toFloats();
    int width = values.length / Math.max(1, rows);
    List<Integer> columns = new ArrayList<>();
    List<float[]> sorted = new ArrayList<>();
    for (int c = 0; c < plain; c++) {
      float[] column = new float[rows];
      for (int i = 0; i < rows; i++) {
        column[i] = values[i * width + c];
      }
      Arrays.sort(column);
      if (edges(column, intervals).size() > LEAST_INTERVALS) {
        columns.add(c);
        sorted.add(column);
      }
    }
    int each = columns.isEmpty() ? 0 : Math.min(intervals, MOST_FEATURES / columns.size());
    if (each < LEAST_INTERVALS) {
      return Optional.empty();
    }
    return Optional.of(
        new PiecewiseLinear(columns, sorted.stream().map(v -> edges(v, each)).toList()));
  }

  /** The different quantiles of sorted numbers, at most {@code intervals + 1}. */
  private static List<Double> edges(float[] sorted, int intervals) {
    List<Double> edges = new ArrayList<>();
    for (int i = 0; i <= intervals; i++) {
      double at = (sorted.length - 1) * (double) i / intervals;
      int below = (int) at;
      int above = Math.min(below + 1, sorted.length - 1);
      double edge = sorted[below] + (at - below) * (sorted[above] - sorted[below]);
      double rounded = Math.rint(edge * ROUNDING) / ROUNDING;
      if (edges.isEmpty() || rounded > edges.getLast()) {
        edges.add(rounded);
      }
    }
    return edges;
  }
}
