package org.cajal.init;

import org.cajal.type.CajalException;
import org.cajal.type.CounterRandom;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * A random orthogonal matrix times a gain (A. M. Saxe, J. L. McClelland, S. Ganguli: "Exact
 * solutions to the nonlinear dynamics of learning in deep linear neural networks", ICLR 2014). The
 * parameter is seen as the matrix [first axis, all others]; its rows are orthonormal where there
 * are fewer rows than columns, else its columns. The matrix is the factor Q of a Householder QR
 * decomposition of normal numbers in double precision, its columns' signs set by R's diagonal,
 * which makes it uniform over all orthogonal matrices (F. Mezzadri: "How to generate random
 * matrices from the classical compact groups", 2007).
 *
 * @param gain the factor for the nonlinearity that follows, see {@link Gain}
 */
public record Orthogonal(double gain) implements Initializer {
  /**
   * Checks the setting.
   *
   * @throws CajalException if the gain is not positive
   */
  public Orthogonal {
    Sampling.requirePositive("orthogonal", "gain", gain);
  }

  @Override
  public NDArray sample(DType dtype, Shape shape, @Nullable Fans fans, long seed, String path) {
    if (shape.rank() < 2) {
      throw new CajalException(
          "[init] orthogonal: "
              + path
              + " has the shape "
              + shape
              + "; at least two axes are needed");
    }
    NDArray out = Sampling.floating(dtype, shape, path);
    if (out.size() == 0) {
      return out;
    }
    int rows = shape.dim(0);
    long others = out.size() / rows;
    if (others > Integer.MAX_VALUE - 8) {
      throw new CajalException(
          "[init] orthogonal: "
              + path
              + " has "
              + others
              + " columns; at most 2147483639 are allowed");
    }
    int columns = (int) others;
    boolean tall = rows >= columns;
    int longer = Math.max(rows, columns);
    double[][] q = factor(CounterRandom.key(seed, path), longer, Math.min(rows, columns));
    for (int k = 0; k < q.length; k++) {
      for (int i = 0; i < longer; i++) {
        out.set(tall ? (long) i * columns + k : (long) k * columns + i, gain * q[k][i]);
      }
    }
    return out;
  }

  /**
   * The orthonormal factor of an m×n matrix of normal numbers, m at least n.
   *
   * @return n columns of length m
   */
  private static double[][] factor(long key, int m, int n) {
    double[][] a = new double[n][m];
    for (int k = 0; k < n; k++) {
      for (int i = 0; i < m; i++) {
        a[k][i] = CounterRandom.normal(key, (long) k * m + i);
      }
    }
    double[] signs = new double[n];
    // Afterwards a[k] holds, from k on, the unit vector v of the reflection I − 2vvᵀ that clears
    // column k below the diagonal.
    for (int k = 0; k < n; k++) {
      double[] v = a[k];
      double norm = Math.sqrt(dot(v, v, k));
      // The reflection sends column k to −sign(v[k])·norm, the side away from cancellation: that is
      // R's diagonal.
      signs[k] = v[k] >= 0 ? -1 : 1;
      v[k] -= signs[k] * norm;
      double length = Math.sqrt(dot(v, v, k));
      for (int i = k; i < m; i++) {
        v[i] /= length;
      }
      for (int j = k + 1; j < n; j++) {
        reflect(v, a[j], k);
      }
    }
    double[][] q = new double[n][m];
    for (int k = 0; k < n; k++) {
      q[k][k] = signs[k];
      for (int j = k; j >= 0; j--) {
        reflect(a[j], q[k], j);
      }
    }
    return q;
  }

  /** x ← (I − 2vvᵀ)x, where v is 0 before {@code from}. */
  private static void reflect(double[] v, double[] x, int from) {
    double twice = 2 * dot(v, x, from);
    for (int i = from; i < v.length; i++) {
      x[i] -= twice * v[i];
    }
  }

  private static double dot(double[] a, double[] b, int from) {
    double sum = 0;
    for (int i = from; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
