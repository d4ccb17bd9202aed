package org.cajal.run;

import java.util.Arrays;
import java.util.List;
import org.cajal.op.Convolution;
import org.cajal.op.ConvolutionInputGradient;
import org.cajal.op.ConvolutionWeightGradient;
import org.cajal.op.MatMul;
import org.cajal.op.Node;
import org.cajal.op.Op;
import org.cajal.op.Window;
import org.cajal.op.WindowArgMax;
import org.cajal.op.WindowSum;
import org.cajal.op.WindowSumGradient;
import org.cajal.type.CajalException;
import org.cajal.type.Shape;

/** Matrix products, convolutions and windows in plain loops, all sums in double precision. */
final class InterpreterProducts {
  private InterpreterProducts() {}

  static double[] contraction(Op.Contraction op, Node node, double[] a, double[] b) {
    return switch (op) {
      case MatMul _ -> matmul(node, a, b);
      case Convolution c -> {
        double[] y = new double[Interpreter.size(node.shape())];
        convolve(Way.FORWARD, c.window(), c.groups(), node.input(0).shape(), node.shape(), a, b, y);
        yield y;
      }
      case ConvolutionInputGradient c -> {
        double[] dx = new double[Interpreter.size(node.shape())];
        convolve(Way.INPUT, c.window(), c.groups(), node.shape(), node.input(0).shape(), dx, b, a);
        yield dx;
      }
      case ConvolutionWeightGradient c -> {
        double[] dw = new double[Interpreter.size(node.shape())];
        convolve(
            Way.WEIGHT,
            c.window(),
            c.groups(),
            node.input(0).shape(),
            node.input(1).shape(),
            a,
            dw,
            b);
        yield dw;
      }
    };
  }

  private static double[] matmul(Node node, double[] a, double[] b) {
    int m = node.shape().dim(-2);
    int n = node.shape().dim(-1);
    int k = node.input(0).shape().dim(-1);
    double[] c = new double[Interpreter.size(node.shape())];
    int batches = Interpreter.size(node.shape().sub(0, node.shape().rank() - 2));
    for (int batch = 0; batch < batches; batch++) {
      for (int i = 0; i < m; i++) {
        int to = (batch * m + i) * n;
        for (int p = 0; p < k; p++) {
          double factor = a[(batch * m + i) * k + p];
          int from = (batch * k + p) * n;
          for (int j = 0; j < n; j++) {
            c[to + j] += factor * b[from + j];
          }
        }
      }
    }
    return c;
  }

  /** Which of the three arrays of a convolution is added to. */
  private enum Way {
    FORWARD,
    INPUT,
    WEIGHT
  }

  /**
   * One walk over all products x · w → y of a convolution; the array that {@code way} names is the
   * sum, the others are read.
   */
  private static void convolve(
      Way way, Window window, int groups, Shape xs, Shape ys, double[] x, double[] w, double[] y) {
    int[][] table = table(window, xs.sub(2, xs.rank()), ys.sub(2, ys.rank()));
    int inPlane = Interpreter.size(xs.sub(2, xs.rank()));
    int outPlane = Interpreter.size(ys.sub(2, ys.rank()));
    int inChannels = xs.dim(1) / groups;
    int outChannels = ys.dim(1) / groups;
    for (int n = 0; n < xs.dim(0); n++) {
      for (int o = 0; o < ys.dim(1); o++) {
        int y0 = (n * ys.dim(1) + o) * outPlane;
        for (int c = 0; c < inChannels; c++) {
          int x0 = (n * xs.dim(1) + o / outChannels * inChannels + c) * inPlane;
          for (int k = 0; k < table.length; k++) {
            int at = (o * inChannels + c) * table.length + k;
            int[] from = table[k];
            double factor = w[at];
            double sum = 0;
            for (int p = 0; p < outPlane; p++) {
              if (from[p] >= 0) {
                switch (way) {
                  case FORWARD -> y[y0 + p] += factor * x[x0 + from[p]];
                  case INPUT -> x[x0 + from[p]] += factor * y[y0 + p];
                  case WEIGHT -> sum += x[x0 + from[p]] * y[y0 + p];
                }
              }
            }
            if (way == Way.WEIGHT) {
              w[at] += sum;
            }
          }
        }
      }
    }
  }

  /**
   * For each position in the window, row-major, and each window the flat position within the input;
   * −1 for padding.
   */
  private static int[][] table(Window window, Shape in, Shape out) {
    int rank = in.rank();
    Shape kernel = new Shape(window.kernel());
    int[][] table = new int[Interpreter.size(kernel)][Interpreter.size(out)];
    int[] k = new int[rank];
    for (int[] row : table) {
      int[] o = new int[rank];
      for (int p = 0; p < row.length; p++) {
        long at = 0;
        boolean inside = true;
        for (int i = 0; i < rank; i++) {
          int position =
              o[i] * window.stride().get(i)
                  - window.padLow().get(i)
                  + k[i] * window.dilation().get(i);
          inside &= position >= 0 && position < in.dim(i);
          at = at * in.dim(i) + position;
        }
        row[p] = inside ? (int) at : -1;
        step(o, out);
      }
      step(k, kernel);
    }
    return table;
  }

  private static void step(int[] index, Shape shape) {
    for (int axis = index.length - 1; axis >= 0; axis--) {
      if (++index[axis] < shape.dim(axis)) {
        return;
      }
      index[axis] = 0;
    }
  }

  static double[] windowed(Op.Windowed op, Node node, double[] x) {
    Shape from = node.input(0).shape();
    Shape fromPlane = from.sub(2, from.rank());
    Shape toPlane = node.shape().sub(2, node.shape().rank());
    double[] out = new double[Interpreter.size(node.shape())];
    int planes = from.dim(0) * from.dim(1);
    int in = Interpreter.size(fromPlane);
    int to = Interpreter.size(toPlane);
    int[][] table =
        switch (op) {
          case WindowSum s -> table(s.window(), fromPlane, toPlane);
          case WindowArgMax a -> table(a.window(), fromPlane, toPlane);
          case WindowSumGradient g -> table(g.window(), toPlane, fromPlane);
        };
    double[] best = new double[to];
    for (int plane = 0; plane < planes; plane++) {
      int x0 = plane * in;
      int y0 = plane * to;
      Arrays.fill(best, Double.NEGATIVE_INFINITY);
      boolean[] found = new boolean[to];
      for (int[] row : table) {
        for (int p = 0; p < row.length; p++) {
          int at = row[p];
          if (at < 0) {
            continue;
          }
          switch (op) {
            case WindowSum _ -> out[y0 + p] += x[x0 + at];
            case WindowSumGradient _ -> out[y0 + at] += x[x0 + p];
            case WindowArgMax _ -> {
              double v = x[x0 + at];
              if (!found[p] || v > best[p] || (Double.isNaN(v) && !Double.isNaN(best[p]))) {
                found[p] = true;
                best[p] = v;
                out[y0 + p] = at;
              }
            }
          }
        }
      }
    }
    return out;
  }

  static double[] argMax(int axis, Node node, double[] x) {
    Shape from = node.input(0).shape();
    int n = from.dim(axis);
    int inner = Interpreter.size(from.sub(axis + 1, from.rank()));
    double[] out = new double[Interpreter.size(node.shape())];
    for (int i = 0; i < out.length; i++) {
      int start = i / inner * n * inner + i % inner;
      int best = 0;
      for (int j = 1; j < n; j++) {
        double v = x[start + j * inner];
        double b = x[start + best * inner];
        if (v > b || (Double.isNaN(v) && !Double.isNaN(b))) {
          best = j;
        }
      }
      out[i] = best;
    }
    return out;
  }

  /**
   * Where the slices of a gather or scatter lie: for each place of the index the first element of
   * its slice.
   */
  static int[] slices(
      String name, int batch, Shape x, Shape indexShape, double[] index, List<Integer> rest) {
    int n = x.dim(batch);
    int inner = Interpreter.size(new Shape(rest));
    int perBatch = Interpreter.size(indexShape.sub(batch, indexShape.rank()));
    int[] out = new int[index.length];
    for (int i = 0; i < index.length; i++) {
      if (!(index[i] >= 0 && index[i] < n)) {
        throw new CajalException(
            "["
                + name
                + "] index "
                + (long) index[i]
                + " is out of range for an axis of size "
                + n);
      }
      out[i] = (i / perBatch * n + (int) index[i]) * inner;
    }
    return out;
  }
}
