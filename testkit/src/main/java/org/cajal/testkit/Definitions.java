package org.cajal.testkit;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cajal.op.ArgMax;
import org.cajal.op.Broadcast;
import org.cajal.op.Concatenate;
import org.cajal.op.Constant;
import org.cajal.op.Convolution;
import org.cajal.op.ConvolutionInputGradient;
import org.cajal.op.ConvolutionWeightGradient;
import org.cajal.op.CumulativeSum;
import org.cajal.op.Flip;
import org.cajal.op.Gather;
import org.cajal.op.Input;
import org.cajal.op.Lanes;
import org.cajal.op.MatMul;
import org.cajal.op.Max;
import org.cajal.op.Min;
import org.cajal.op.Node;
import org.cajal.op.Op;
import org.cajal.op.Pad;
import org.cajal.op.Product;
import org.cajal.op.RandomBits;
import org.cajal.op.Range;
import org.cajal.op.Reshape;
import org.cajal.op.ScatterAdd;
import org.cajal.op.Slice;
import org.cajal.op.State;
import org.cajal.op.Sum;
import org.cajal.op.Transpose;
import org.cajal.op.Window;
import org.cajal.op.WindowArgMax;
import org.cajal.op.WindowSum;
import org.cajal.op.WindowSumGradient;
import org.cajal.type.CounterRandom;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;

/**
 * What each operation means by the textbook: one element of the result as a formula of its index,
 * in high precision, written apart from the interpreter so that the two can be compared. Hopelessly
 * slow.
 */
final class Definitions {
  private static final MathContext DIGITS = new MathContext(40);

  private final Node node;
  private final List<NDArray> x;

  private Definitions(Node node, List<NDArray> x) {
    this.node = node;
    this.x = x;
  }

  /** The value of a node with the given input values, rounded to its type once at the end. */
  static NDArray value(Node node, List<NDArray> inputs) {
    Definitions definition = new Definitions(node, inputs);
    double[] out = new double[Math.toIntExact(node.shape().size())];
    int[] index = new int[node.shape().rank()];
    for (int i = 0; i < out.length; i++) {
      out[i] = definition.at(index);
      step(index, node.shape());
    }
    return NDArray.of(node.dtype(), out, node.shape());
  }

  /** The next index in row-major order; false after the last. */
  private static boolean step(int[] index, Shape shape) {
    for (int axis = index.length - 1; axis >= 0; axis--) {
      if (++index[axis] < shape.dim(axis)) {
        return true;
      }
      index[axis] = 0;
    }
    return false;
  }

  /** An exact sum, with IEEE's rules where something is not finite. */
  private static final class Total {
    private BigDecimal exact = BigDecimal.ZERO;
    private double strange;

    void addProduct(double a, double b) {
      if (Double.isFinite(a) && Double.isFinite(b)) {
        exact = exact.add(new BigDecimal(a).multiply(new BigDecimal(b)));
      } else {
        strange += a * b;
      }
    }

    double value() {
      return strange != 0 || Double.isNaN(strange) ? strange : exact.doubleValue();
    }
  }

  private interface Visitor {
    void visit(int[] index);
  }

  private static void each(Shape shape, Visitor visitor) {
    if (shape.size() == 0) {
      return;
    }
    int[] index = new int[shape.rank()];
    do {
      visitor.visit(index);
    } while (step(index, shape));
  }

  private double input(int which, int... index) {
    long at = 0;
    for (int i = 0; i < index.length; i++) {
      at = at * x.get(which).shape().dim(i) + index[i];
    }
    return x.get(which).get(at);
  }

  private Shape shape(int which) {
    return x.get(which).shape();
  }

  private double at(int[] i) {
    return switch (node.op()) {
      case Op.Leaf leaf ->
          switch (leaf) {
            case Input _ -> throw new IllegalArgumentException("an input has no definition");
            case Constant c -> c.value().get(flat(i, node.shape()));
            case State s -> s.variable().value().get(flat(i, node.shape()));
            case Range _ -> i[0];
          };
      case Op.Elementwise op -> {
        List<Double> values = new ArrayList<>();
        for (int k = 0; k < x.size(); k++) {
          values.add(input(k, i));
        }
        yield op.lane(new Precise(x.getLast().dtype()), values);
      }
      case Op.Reduction op -> reduction(op, i);
      case Op.View op -> view(op, i);
      case Op.Arrange op ->
          switch (op) {
            case Pad p -> pad(p, i);
            case Concatenate c -> concatenate(c, i);
          };
      case Op.Contraction op ->
          switch (op) {
            case MatMul _ -> matmul(i);
            case Convolution c -> convolution(c.window(), c.groups(), i, 0);
            case ConvolutionInputGradient c -> convolution(c.window(), c.groups(), i, 1);
            case ConvolutionWeightGradient c -> convolution(c.window(), c.groups(), i, 2);
          };
      case Op.Windowed op ->
          switch (op) {
            case WindowSum w -> windowSum(w.window(), i);
            case WindowSumGradient w -> windowSumGradient(w.window(), i);
            case WindowArgMax w -> windowArgMax(w.window(), i);
          };
      case Op.Indexed op ->
          switch (op) {
            case ArgMax a -> argMax(a.axis(), i);
            case Gather g -> gather(g.batch(), i);
            case ScatterAdd s -> scatterAdd(s.batch(), i);
            case CumulativeSum c -> cumulativeSum(c.axis(), i);
            case RandomBits r -> {
              long key = CounterRandom.bits((int) input(0, 0), (int) input(0, 1), r.place(), 0);
              yield CounterRandom.word(key, flat(i, node.shape())) >>> 8;
            }
          };
      case Op.Boundary _ -> input(0, i);
    };
  }

  private static long flat(int[] index, Shape shape) {
    long at = 0;
    for (int i = 0; i < index.length; i++) {
      at = at * shape.dim(i) + index[i];
    }
    return at;
  }

  private double reduction(Op.Reduction op, int[] i) {
    Shape over = new Shape(op.axes().stream().map(shape(0)::dim).toList());
    List<Double> values = new ArrayList<>();
    each(
        over,
        r -> {
          int[] from = i.clone();
          for (int k = 0; k < r.length; k++) {
            from[op.axes().get(k)] = r[k];
          }
          values.add(input(0, from));
        });
    return switch (op) {
      case Sum _ -> {
        Total total = new Total();
        values.forEach(v -> total.addProduct(v, 1));
        yield total.value();
      }
      case Product _ -> {
        BigDecimal product = BigDecimal.ONE;
        double strange = 1;
        for (double v : values) {
          strange *= v;
          product = Double.isFinite(v) ? product.multiply(new BigDecimal(v), DIGITS) : product;
        }
        yield Double.isFinite(strange) ? product.doubleValue() : strange;
      }
      case Max _ -> values.stream().reduce(Double.NEGATIVE_INFINITY, Math::max);
      case Min _ -> values.stream().reduce(Double.POSITIVE_INFINITY, Math::min);
    };
  }

  private double view(Op.View op, int[] i) {
    int[] from = new int[shape(0).rank()];
    switch (op) {
      case Reshape _ -> {
        return x.get(0).get(flat(i, node.shape()));
      }
      case Transpose t -> {
        for (int k = 0; k < i.length; k++) {
          from[t.permutation().get(k)] = i[k];
        }
      }
      case Broadcast _ -> {
        for (int k = 0; k < from.length; k++) {
          from[k] = shape(0).dim(k) == 1 ? 0 : i[k + i.length - from.length];
        }
      }
      case Slice s -> {
        for (int k = 0; k < i.length; k++) {
          from[k] = s.start().get(k) + i[k] * s.step().get(k);
        }
      }
      case Flip f -> {
        for (int k = 0; k < i.length; k++) {
          from[k] = f.axes().contains(k) ? shape(0).dim(k) - 1 - i[k] : i[k];
        }
      }
    }
    return input(0, from);
  }

  private double pad(Pad p, int[] i) {
    int[] from = new int[i.length];
    for (int k = 0; k < i.length; k++) {
      int at = i[k] - p.before().get(k);
      int gap = p.between().get(k) + 1;
      if (at < 0 || at % gap != 0 || at / gap >= shape(0).dim(k)) {
        return p.value();
      }
      from[k] = at / gap;
    }
    return input(0, from);
  }

  private double concatenate(Concatenate c, int[] i) {
    int[] from = i.clone();
    int which = 0;
    while (from[c.axis()] >= shape(which).dim(c.axis())) {
      from[c.axis()] -= shape(which).dim(c.axis());
      which++;
    }
    return input(which, from);
  }

  private double matmul(int[] i) {
    Total total = new Total();
    int rank = i.length;
    for (int k = 0; k < shape(0).dim(-1); k++) {
      int[] a = i.clone();
      int[] b = i.clone();
      a[rank - 1] = k;
      b[rank - 2] = k;
      total.addProduct(input(0, a), input(1, b));
    }
    return total.value();
  }

  /**
   * One element of the forward result (0), of the input's gradient (1) or of the weight's (2): the
   * sum over all triples of input, weight and output elements that belong together.
   */
  private double convolution(Window window, int groups, int[] i, int way) {
    Shape xs = way == 1 ? node.shape() : shape(0);
    Shape ws = way == 2 ? node.shape() : shape(1);
    Shape ys = way == 0 ? node.shape() : way == 1 ? shape(0) : shape(1);
    int inGroup = xs.dim(1) / groups;
    int outGroup = ys.dim(1) / groups;
    Total total = new Total();
    // The indices of the result are fixed, all others are tried.
    each(
        way == 0 ? ws : ys,
        free -> {
          int[] y = way == 0 ? i : free.clone();
          each(
              way == 0 ? Shape.SCALAR : way == 1 ? ws : Shape.of(xs.dim(1)),
              more -> {
                int[] w = way == 0 ? free : way == 1 ? more : i;
                if (w[0] != y[1]) {
                  return;
                }
                int[] at = new int[xs.rank()];
                at[0] = y[0];
                at[1] = y[1] / outGroup * inGroup + w[1];
                for (int k = 2; k < at.length; k++) {
                  at[k] =
                      y[k] * window.stride().get(k - 2)
                          - window.padLow().get(k - 2)
                          + w[k] * window.dilation().get(k - 2);
                  if (at[k] < 0 || at[k] >= xs.dim(k)) {
                    return;
                  }
                }
                switch (way) {
                  case 0 -> total.addProduct(input(0, at), input(1, w));
                  case 1 -> {
                    if (Arrays.equals(at, i)) {
                      total.addProduct(input(0, y), input(1, w));
                    }
                  }
                  default -> {
                    if (more[0] == at[1]) {
                      total.addProduct(input(0, at), input(1, y));
                    }
                  }
                }
              });
        });
    return total.value();
  }

  private interface Seen {
    void at(int[] position);
  }

  /** Visits the elements of a window that lie within the input. */
  private static void window(Window window, int[] out, Shape in, Seen seen) {
    each(
        new Shape(window.kernel()),
        k -> {
          int[] at = out.clone();
          boolean inside = true;
          for (int a = 0; a < k.length; a++) {
            at[a + 2] =
                out[a + 2] * window.stride().get(a)
                    - window.padLow().get(a)
                    + k[a] * window.dilation().get(a);
            inside &= at[a + 2] >= 0 && at[a + 2] < in.dim(a + 2);
          }
          if (inside) {
            seen.at(at);
          }
        });
  }

  private double windowSum(Window w, int[] i) {
    Total total = new Total();
    window(w, i, shape(0), at -> total.addProduct(input(0, at), 1));
    return total.value();
  }

  private double windowSumGradient(Window w, int[] i) {
    Total total = new Total();
    each(
        shape(0),
        y ->
            window(
                w,
                y,
                node.shape(),
                at -> {
                  if (Arrays.equals(at, i)) {
                    total.addProduct(input(0, y), 1);
                  }
                }));
    return total.value();
  }

  private double windowArgMax(Window w, int[] i) {
    double[] best = {Double.NaN, -1};
    window(
        w,
        i,
        shape(0),
        at -> {
          double v = input(0, at);
          if (best[1] < 0 || v > best[0] || (Double.isNaN(v) && !Double.isNaN(best[0]))) {
            long position = 0;
            for (int a = 2; a < at.length; a++) {
              position = position * shape(0).dim(a) + at[a];
            }
            best[0] = v;
            best[1] = position;
          }
        });
    return best[1];
  }

  private double argMax(int axis, int[] i) {
    int[] from = i.clone();
    int best = 0;
    for (int k = 1; k < shape(0).dim(axis); k++) {
      from[axis] = k;
      double v = input(0, from);
      from[axis] = best;
      double b = input(0, from);
      best = v > b || (Double.isNaN(v) && !Double.isNaN(b)) ? k : best;
    }
    return best;
  }

  private double gather(int batch, int[] i) {
    int places = shape(1).rank();
    int[] place = Arrays.copyOf(i, places);
    int[] from = new int[shape(0).rank()];
    System.arraycopy(i, 0, from, 0, batch);
    from[batch] = (int) input(1, place);
    System.arraycopy(i, places, from, batch + 1, from.length - batch - 1);
    return input(0, from);
  }

  private double scatterAdd(int batch, int[] i) {
    Total total = new Total();
    total.addProduct(input(0, i), 1);
    each(
        shape(1),
        place -> {
          boolean same = (int) input(1, place) == i[batch];
          for (int k = 0; k < batch; k++) {
            same &= place[k] == i[k];
          }
          if (same) {
            int[] source = Arrays.copyOf(place, shape(2).rank());
            System.arraycopy(i, batch + 1, source, place.length, i.length - batch - 1);
            total.addProduct(input(2, source), 1);
          }
        });
    return total.value();
  }

  private double cumulativeSum(int axis, int[] i) {
    Total total = new Total();
    int[] from = i.clone();
    for (int k = 0; k <= i[axis]; k++) {
      from[axis] = k;
      total.addProduct(input(0, from), 1);
    }
    return total.value();
  }

  /** The error function by its series about 0, in 60 digits: for |x| up to 6. */
  static double erf(double x) {
    if (Double.isNaN(x) || Math.abs(x) > 6) {
      return Math.signum(x);
    }
    MathContext digits = new MathContext(80);
    BigDecimal square = new BigDecimal(x).multiply(new BigDecimal(x), digits);
    BigDecimal term = new BigDecimal(x);
    BigDecimal sum = term;
    for (int n = 1; n < 400; n++) {
      term = term.multiply(square, digits).negate().divide(BigDecimal.valueOf(n), digits);
      sum = sum.add(term.divide(BigDecimal.valueOf(2L * n + 1), digits), digits);
    }
    BigDecimal scale = new BigDecimal("1.1283791670955125738961589031215451716881012586580");
    return sum.multiply(scale, digits).doubleValue();
  }

  /** One element at a time, with the JDK's strict functions. */
  private record Precise(DType type) implements Lanes<Double> {
    private double whole(long value) {
      return type == DType.I32 ? (int) value : value;
    }

    @Override
    public Double constant(DType constantType, double value) {
      return constantType == DType.F32 ? (float) value : value;
    }

    @Override
    public Double add(Double x, Double y) {
      return type.isInteger() ? whole(x.longValue() + y.longValue()) : x + y;
    }

    @Override
    public Double subtract(Double x, Double y) {
      return type.isInteger() ? whole(x.longValue() - y.longValue()) : x - y;
    }

    @Override
    public Double multiply(Double x, Double y) {
      return type.isInteger() ? whole(x.longValue() * y.longValue()) : x * y;
    }

    @Override
    public Double divide(Double x, Double y) {
      return x / y;
    }

    @Override
    public Double power(Double x, Double y) {
      return StrictMath.pow(x, y);
    }

    @Override
    public Double minimum(Double x, Double y) {
      return Double.isNaN(x) || Double.isNaN(y) ? Double.NaN : x < y ? x : y;
    }

    @Override
    public Double maximum(Double x, Double y) {
      return Double.isNaN(x) || Double.isNaN(y) ? Double.NaN : x > y ? x : y;
    }

    @Override
    public Double negate(Double x) {
      return type.isInteger() ? whole(-x.longValue()) : -x;
    }

    @Override
    public Double absolute(Double x) {
      return x < 0 ? negate(x) : x == 0 ? 0.0 : x;
    }

    @Override
    public Double sign(Double x) {
      return x > 0 ? 1 : x < 0 ? -1 : x;
    }

    @Override
    public Double floor(Double x) {
      return StrictMath.floor(x);
    }

    @Override
    public Double exp(Double x) {
      return StrictMath.exp(x);
    }

    @Override
    public Double log(Double x) {
      return StrictMath.log(x);
    }

    @Override
    public Double sqrt(Double x) {
      return StrictMath.sqrt(x);
    }

    @Override
    public Double sin(Double x) {
      return StrictMath.sin(x);
    }

    @Override
    public Double cos(Double x) {
      return StrictMath.cos(x);
    }

    @Override
    public Double tanh(Double x) {
      return StrictMath.tanh(x);
    }

    @Override
    public Double atan(Double x) {
      return StrictMath.atan(x);
    }

    @Override
    public Double erf(Double x) {
      return Definitions.erf(x);
    }

    private static double truth(boolean holds) {
      return holds ? 1 : 0;
    }

    @Override
    public Double less(Double x, Double y) {
      return truth((double) x < y);
    }

    @Override
    public Double lessOrEqual(Double x, Double y) {
      return truth((double) x <= y);
    }

    @Override
    public Double equal(Double x, Double y) {
      return truth((double) x == (double) y);
    }

    @Override
    public Double select(Double condition, Double x, Double y) {
      return condition != 0 ? x : y;
    }

    @Override
    public Double cast(Double x, DType from, DType to) {
      return switch (to) {
        case F32 -> (double) x.floatValue();
        case F64 -> x;
        case I32 -> (double) x.intValue();
        case I64 -> (double) x.longValue();
        case BOOL -> truth(x != 0);
      };
    }
  }
}
