package org.cajal.emit;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleBinaryOperator;
import org.cajal.loop.Binding;
import org.cajal.loop.Nest;
import org.cajal.loop.Nest.Access;
import org.cajal.loop.Nest.Apply;
import org.cajal.loop.Nest.Each;
import org.cajal.loop.Nest.Load;
import org.cajal.loop.Nest.Step;
import org.cajal.loop.Nest.Store;
import org.cajal.loop.Nest.Stride;
import org.cajal.loop.Nest.Vectorized;
import org.cajal.op.Atan;
import org.cajal.op.Cos;
import org.cajal.op.Erf;
import org.cajal.op.Exp;
import org.cajal.op.Log;
import org.cajal.op.Op;
import org.cajal.op.Power;
import org.cajal.op.Sin;
import org.cajal.op.Tanh;
import org.cajal.run.Special;
import org.cajal.type.DType;
import org.junit.jupiter.api.Test;

/**
 * F32 functions in generated code against double precision, over all magnitudes and densely where
 * networks use them.
 */
class ElementaryFunctionsTest {
  /** Sizes of the two sweeps; larger ones by hand. */
  private static final int POINTS = Integer.getInteger("cajal.points", 1 << 18);

  private static final float[] EDGES = {
    0f,
    -0f,
    1f,
    -1f,
    0.5f,
    -0.5f,
    2f,
    -2f,
    3f,
    -3f,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    1e-40f,
    -1e-40f,
    Float.MIN_NORMAL,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN,
    88.72f,
    88.73f,
    -87.4f,
    -103.9f,
    -104f,
    -110f,
    98304f,
    98305f,
    1e10f,
    -1e30f,
    16777217f,
    8388609f,
    8388607.5f,
    1.25f,
    0.99999994f,
    1.0000001f
  };

  private static float[] run(Op.Elementwise op, float[]... x) {
    int n = x[0].length;
    Access access = new Access(DType.F32, List.of(Stride.UNIT));
    List<Step> steps = new ArrayList<>();
    List<Integer> arguments = new ArrayList<>();
    List<Access> accesses = new ArrayList<>();
    List<org.cajal.run.Operand> operands = new ArrayList<>();
    List<List<Long>> strides = new ArrayList<>();
    for (int a = 0; a <= x.length; a++) {
      if (a < x.length) {
        steps.add(new Load(a, DType.F32));
        arguments.add(a);
      }
      accesses.add(access);
      operands.add(new org.cajal.run.Operand(a, 0));
      strides.add(List.of(4L));
    }
    steps.add(new Apply(op, arguments, DType.F32));
    Nest nest =
        new Nest(
            0,
            1,
            Vectorized.INNER,
            accesses,
            List.of(new Each(steps, List.of(new Store(x.length, x.length)), List.of())));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment[] table = new MemorySegment[x.length + 1];
      for (int a = 0; a < x.length; a++) {
        table[a] = arena.allocate(4L * n, 64);
        MemorySegment.copy(x[a], 0, table[a], ValueLayout.JAVA_FLOAT, 0, n);
      }
      table[x.length] = arena.allocate(4L * n, 64);
      Emitter.kernel(
              op.name(),
              nest,
              new Binding(List.of((long) n), operands, strides, List.of(0L, (long) n)))
          .run(table, 0, 0);
      return table[x.length].toArray(ValueLayout.JAVA_FLOAT);
    }
  }

  private static double ulps(float found, double exact) {
    float expected = (float) exact;
    if (Float.compare(found, expected) == 0) {
      return 0;
    }
    if (Float.isNaN(found)
        || Float.isNaN(expected)
        || Float.isInfinite(expected)
        || expected == 0) {
      // An infinite or vanished result may lie one step beside.
      return Float.isNaN(found)
              || Float.isNaN(expected)
              || Math.abs(found - expected) > Math.ulp(expected)
          ? Double.POSITIVE_INFINITY
          : 1;
    }
    return Math.abs(found - exact) / Math.ulp(expected);
  }

  private static void check(
      Op.Elementwise op, double low, double high, double limit, DoubleBinaryOperator exact) {
    List<float[]> sweeps = new ArrayList<>();
    float[] all = new float[POINTS];
    float[] dense = new float[POINTS];
    for (int i = 0; i < POINTS; i++) {
      all[i] = Float.intBitsToFloat((int) (i * ((1L << 32) / POINTS) + i % 1013));
      dense[i] = (float) (low + (high - low) * i / POINTS);
    }
    sweeps.add(all);
    sweeps.add(dense);
    sweeps.add(EDGES);
    for (float[] x : sweeps) {
      float[] y = run(op, x);
      double worst = 0;
      int at = 0;
      for (int i = 0; i < x.length; i++) {
        double error = ulps(y[i], exact.applyAsDouble(x[i], 0));
        if (error > worst) {
          worst = error;
          at = i;
        }
      }
      String where =
          String.format(
              Locale.ROOT,
              "%s: %.3f ulp at %s: %s, exactly %s",
              op.name(),
              worst,
              x[at],
              y[at],
              exact.applyAsDouble(x[at], 0));
      if (Boolean.getBoolean("cajal.report")) {
        System.err.println(where);
      }
      assertThat(worst).as(where).isLessThan(limit);
    }
  }

  @Test
  void exp() {
    check(new Exp(), -20, 20, 1.1, (x, _) -> StrictMath.exp(x));
  }

  @Test
  void log() {
    check(new Log(), 0, 10, 1.1, (x, _) -> StrictMath.log(x));
  }

  @Test
  void sin() {
    check(new Sin(), -100, 100, 2.5, (x, _) -> StrictMath.sin(x));
  }

  @Test
  void cos() {
    check(new Cos(), -100, 100, 2.5, (x, _) -> StrictMath.cos(x));
  }

  @Test
  void tanh() {
    check(new Tanh(), -10, 10, 1.6, (x, _) -> StrictMath.tanh(x));
  }

  @Test
  void atan() {
    check(new Atan(), -10, 10, 2, (x, _) -> StrictMath.atan(x));
  }

  @Test
  void erf() {
    check(new Erf(), -4, 4, 1.6, (x, _) -> Special.erf(x));
  }

  @Test
  void power() {
    List<float[]> bases = new ArrayList<>();
    List<float[]> exponents = new ArrayList<>();
    float[] edgesX = new float[EDGES.length * EDGES.length];
    float[] edgesY = new float[EDGES.length * EDGES.length];
    for (int i = 0; i < edgesX.length; i++) {
      edgesX[i] = EDGES[i % EDGES.length];
      edgesY[i] = EDGES[i / EDGES.length];
    }
    bases.add(edgesX);
    exponents.add(edgesY);
    float[] x = new float[POINTS];
    float[] y = new float[POINTS];
    float[] x2 = new float[POINTS];
    for (int i = 0; i < POINTS; i++) {
      x[i] = Float.intBitsToFloat((int) (i * (0x7f800000L / POINTS)));
      // Exponents that reach the ends of the range of results.
      y[i] = (float) ((i * 0.6180339887 % 1 * 2 - 1) * 104 / Math.abs(Math.log(x[i])));
      x2[i] = (float) (0.01 + i * 4.0 / POINTS);
    }
    bases.add(x);
    exponents.add(y);
    bases.add(x2);
    exponents.add(y);
    for (int s = 0; s < bases.size(); s++) {
      float[] p = bases.get(s);
      float[] q = exponents.get(s);
      float[] z = run(new Power(), p, q);
      double worst = 0;
      int at = 0;
      for (int i = 0; i < p.length; i++) {
        double error = ulps(z[i], StrictMath.pow(p[i], q[i]));
        if (error > worst) {
          worst = error;
          at = i;
        }
      }
      String where =
          String.format(
              Locale.ROOT,
              "power: %.3f ulp at %s, %s: %s, exactly %s",
              worst,
              p[at],
              q[at],
              z[at],
              StrictMath.pow(p[at], q[at]));
      if (Boolean.getBoolean("cajal.report")) {
        System.err.println(where);
      }
      assertThat(worst).as(where).isLessThan(4);
    }
  }
}
