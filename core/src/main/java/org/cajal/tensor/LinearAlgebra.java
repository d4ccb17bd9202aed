package org.cajal.tensor;

import org.cajal.type.CajalException;

/** Products of vectors and matrices besides {@link Tensor#matmul} and {@link Einsum}. */
public final class LinearAlgebra {
  private LinearAlgebra() {}

  private static void rank(String name, Tensor x, int rank) {
    if (x.rank() != rank) {
      throw CajalException.at(
          name, "needs " + (rank == 1 ? "vectors" : "a matrix") + ", found shape " + x.shape());
    }
  }

  /** The inner product of two vectors of one length. */
  public static Tensor dot(Tensor a, Tensor b) {
    rank("dot", a, 1);
    rank("dot", b, 1);
    if (a.dim(0) != b.dim(0)) {
      throw CajalException.at("dot", "lengths differ: " + a.shape() + " and " + b.shape());
    }
    return a.times(b).sum();
  }

  /** The outer product of two vectors: [m] and [n] → [m, n]. */
  public static Tensor outer(Tensor a, Tensor b) {
    rank("outer", a, 1);
    rank("outer", b, 1);
    return a.expandDims(1).times(b);
  }

  /** β · c + α · (a × b); c broadcasts to the product. */
  public static Tensor addMatmul(Tensor c, Tensor a, Tensor b, double beta, double alpha) {
    Tensor product = a.matmul(b);
    return c.broadcastTo(product.shape()).times(beta).plus(product.times(alpha));
  }

  /** The sum of the main diagonal of a matrix. */
  public static Tensor trace(Tensor x) {
    rank("trace", x, 2);
    return Movement.diagonal(x, 0).sum();
  }
}
