package org.cajal.loop;

import java.util.List;
import java.util.Locale;
import org.cajal.loop.Nest.Access;
import org.cajal.loop.Nest.Apply;
import org.cajal.loop.Nest.Each;
import org.cajal.loop.Nest.Fold;
import org.cajal.loop.Nest.Immediate;
import org.cajal.loop.Nest.Load;
import org.cajal.loop.Nest.Stage;
import org.cajal.loop.Nest.Step;
import org.cajal.loop.Nest.Store;
import org.cajal.loop.Nest.Stride;
import org.cajal.op.Lanes;
import org.cajal.type.DType;

/**
 * Writes a nest as text with formulas, for people and for tests. Axes are {@code i0, i1, ...},
 * accesses {@code a0, a1, ...} with the axes along which they move ({@code *} where the stride is a
 * number of the binding) and the access of its offsets if it has one, values {@code v0, v1, ...};
 * the axis that runs along the lanes is marked with {@code |}.
 *
 * <pre>
 * for |i0
 *   v0 = a0[i0] F32
 *   v1 = tanh(v0)
 *   a1[i0] = v1
 * </pre>
 */
public final class LoopPrinter {
  private final Nest nest;
  private final StringBuilder text = new StringBuilder();

  private LoopPrinter(Nest nest) {
    this.nest = nest;
  }

  /** The nest as lines, each ended by a line feed. */
  public static String print(Nest nest) {
    return new LoopPrinter(nest).print();
  }

  private String print() {
    int depth = 0;
    for (int k = 0; k < nest.outer(); k++) {
      line(depth++, "for " + axis(k));
    }
    int value = 0;
    for (Stage stage : nest.stages()) {
      int inside = depth;
      if (stage instanceof Each) {
        for (int k = nest.outer(); k < nest.outer() + nest.inner(); k++) {
          line(inside++, "for " + axis(k));
        }
      }
      for (Step step : stage.steps()) {
        line(inside, "v" + value++ + " = " + step(step));
      }
      for (Store store : stage.stores()) {
        line(inside, access(store.access()) + " = v" + store.value());
      }
      if (stage instanceof Each each) {
        for (Fold fold : each.folds()) {
          line(
              depth,
              "v"
                  + value++
                  + " = "
                  + fold.op().name()
                  + " of v"
                  + fold.value()
                  + " from "
                  + fold.op().start());
        }
      }
    }
    return text.toString();
  }

  private void line(int depth, String line) {
    text.repeat("  ", depth).append(line).append('\n');
  }

  private String axis(int k) {
    int lanes =
        switch (nest.vector()) {
          case NONE -> -1;
          case INNER -> nest.outer() + nest.inner() - 1;
          case OUTER -> nest.outer() - 1;
        };
    return (k == lanes ? "|i" : "i") + k;
  }

  private String access(int number) {
    Access access = nest.accesses().get(number);
    StringBuilder indices = new StringBuilder();
    if (access.hasOffsets()) {
      indices.append(access(access.offsets()));
    }
    for (int k = 0; k < access.strides().size(); k++) {
      Stride stride = access.strides().get(k);
      if (stride != Stride.NONE) {
        indices
            .append(indices.isEmpty() ? "" : ", ")
            .append('i')
            .append(k)
            .append(stride == Stride.ANY ? "*" : "");
      }
    }
    return "a" + number + "[" + indices + "]";
  }

  private String step(Step step) {
    return switch (step) {
      case Load load -> access(load.access()) + " " + load.type();
      case Immediate immediate -> Formulas.INSTANCE.constant(immediate.type(), immediate.value());
      case Apply apply ->
          apply.op().lane(Formulas.INSTANCE, apply.arguments().stream().map(v -> "v" + v).toList());
    };
  }

  /** The algebra of lanes that writes formulas. */
  private enum Formulas implements Lanes<String> {
    INSTANCE;

    private static String call(String function, String... x) {
      return function + "(" + String.join(", ", List.of(x)) + ")";
    }

    @Override
    public String constant(DType type, double value) {
      return (value == Math.rint(value) && Math.abs(value) < 1e9
              ? String.valueOf((long) value)
              : String.valueOf(value))
          + " "
          + type;
    }

    @Override
    public String add(String x, String y) {
      return x + " + " + y;
    }

    @Override
    public String subtract(String x, String y) {
      return x + " - " + y;
    }

    @Override
    public String multiply(String x, String y) {
      return x + " * " + y;
    }

    @Override
    public String divide(String x, String y) {
      return x + " / " + y;
    }

    @Override
    public String power(String x, String y) {
      return call("pow", x, y);
    }

    @Override
    public String minimum(String x, String y) {
      return call("min", x, y);
    }

    @Override
    public String maximum(String x, String y) {
      return call("max", x, y);
    }

    @Override
    public String negate(String x) {
      return "-" + x;
    }

    @Override
    public String absolute(String x) {
      return call("abs", x);
    }

    @Override
    public String sign(String x) {
      return call("sign", x);
    }

    @Override
    public String floor(String x) {
      return call("floor", x);
    }

    @Override
    public String exp(String x) {
      return call("exp", x);
    }

    @Override
    public String log(String x) {
      return call("log", x);
    }

    @Override
    public String sqrt(String x) {
      return call("sqrt", x);
    }

    @Override
    public String sin(String x) {
      return call("sin", x);
    }

    @Override
    public String cos(String x) {
      return call("cos", x);
    }

    @Override
    public String tanh(String x) {
      return call("tanh", x);
    }

    @Override
    public String atan(String x) {
      return call("atan", x);
    }

    @Override
    public String erf(String x) {
      return call("erf", x);
    }

    @Override
    public String less(String x, String y) {
      return x + " < " + y;
    }

    @Override
    public String lessOrEqual(String x, String y) {
      return x + " <= " + y;
    }

    @Override
    public String equal(String x, String y) {
      return x + " == " + y;
    }

    @Override
    public String select(String condition, String x, String y) {
      return condition + " ? " + x + " : " + y;
    }

    @Override
    public String cast(String x, DType from, DType to) {
      return call(to.name().toLowerCase(Locale.ROOT), x);
    }
  }
}
