package org.cajal.layer;

import java.util.ArrayList;
import java.util.List;
import org.cajal.tensor.Tensor;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;

/**
 * Numbers as places between edges, so that a network can answer differently in each interval (Y.
 * Gorishniy, I. Rubachev, A. Babenko: "On embeddings for numerical features in tabular deep
 * learning", NeurIPS 2022): x [N, width] → [N, columns · intervals]. The feature of an interval is
 * 0 below it, 1 above it, and runs from 0 to 1 within it; the first and the last interval of a
 * column go on beyond its edges in a straight line, for up to 10 times their width. A column with
 * fewer intervals than another has zeros for the rest. There is nothing to learn.
 *
 * @param columns the places of the numbers among the inputs, from 0
 * @param edges for each of them at least two rising numbers
 */
public record PiecewiseLinear(List<Integer> columns, List<List<Double>> edges) implements Layer {
  /** How far outer intervals go on, in their own widths. */
  private static final double LIMIT = 10;

  /**
   * Checks the setting.
   *
   * @throws CajalException if columns and edges are not equally many or none, or edges do not rise
   */
  public PiecewiseLinear {
    columns = List.copyOf(columns);
    edges = edges.stream().map(List::copyOf).toList();
    if (columns.isEmpty() || columns.size() != edges.size()) {
      throw new CajalException(
          "[piecewise linear] there are "
              + columns.size()
              + " columns and edges for "
              + edges.size()
              + "; one list of edges for each column is needed");
    }
    columns.forEach(c -> Checks.atLeast("piecewise linear", "column", c, 0));
    edges.forEach(PiecewiseLinear::requireRising);
  }

  private static void requireRising(List<Double> edges) {
    boolean rises = edges.size() >= 2;
    for (int i = 0; rises && i + 1 < edges.size(); i++) {
      rises = (float) (double) edges.get(i) < (float) (double) edges.get(i + 1);
    }
    if (!rises || !edges.stream().allMatch(Double::isFinite)) {
      throw new CajalException(
          "[piecewise linear] the edges "
              + edges.subList(0, Math.min(edges.size(), 5))
              + " are not at least two rising, finite numbers");
    }
  }

  /** The most intervals that a column has. */
  public int intervals() {
    return edges.stream().mapToInt(List::size).max().orElseThrow() - 1;
  }

  @Override
  public Tensor apply(Tensor x, Scope scope) {
    scope.requireFloating(x);
    int last = columns.stream().mapToInt(Integer::intValue).max().orElseThrow();
    if (x.rank() != 2 || x.dim(1) <= last) {
      throw scope.error("needs [N, features] with at least " + (last + 1) + ", found " + x.shape());
    }
    DType type = x.dtype();
    int intervals = intervals();
    Shape table = Shape.of(columns.size(), intervals);
    NDArray start = NDArray.zeros(type, table);
    NDArray slope = NDArray.zeros(type, table);
    NDArray least = NDArray.zeros(type, table);
    NDArray most = NDArray.zeros(type, table);
    for (int c = 0; c < columns.size(); c++) {
      List<Double> own = edges.get(c);
      int count = own.size() - 1;
      for (int i = 0; i < count; i++) {
        int at = c * intervals + i;
        start.set(at, own.get(i));
        slope.set(at, 1 / (own.get(i + 1) - own.get(i)));
        least.set(at, i == 0 ? -LIMIT : 0);
        most.set(at, i == count - 1 ? LIMIT : 1);
      }
    }
    List<Tensor> chosen = new ArrayList<>();
    for (int from = 0; from < columns.size(); ) {
      int to = from + 1;
      while (to < columns.size() && columns.get(to) == columns.get(to - 1) + 1) {
        to++;
      }
      chosen.add(x.slice(1, columns.get(from), columns.get(to - 1) + 1));
      from = to;
    }
    Tensor numbers = chosen.size() == 1 ? chosen.get(0) : Tensor.concatenate(1, chosen);
    return numbers
        .expandDims(2)
        .minus(Tensor.constant(start))
        .times(Tensor.constant(slope))
        .maximum(Tensor.constant(least))
        .minimum(Tensor.constant(most))
        .reshape(Shape.of(x.dim(0), columns.size() * intervals));
  }
}
