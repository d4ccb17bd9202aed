package org.cajal.tensor;

import java.util.ArrayList;
import java.util.List;
import org.cajal.op.Variable;
import org.cajal.type.CajalException;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;

/**
 * Jacobians, Hessians and their products with vectors, all as tensors that can be differentiated
 * again. Products cost a few backward passes whatever the sizes; whole matrices cost one for each
 * row.
 */
public final class Derivatives {
  private Derivatives() {}

  private static void fits(String name, Tensor x, Tensor v) {
    if (x.dtype() != v.dtype() || !x.shape().equals(v.shape())) {
      throw CajalException.at(
          name,
          "the vector "
              + v.dtype()
              + " "
              + v.shape()
              + " does not fit "
              + x.dtype()
              + " "
              + x.shape());
    }
  }

  /**
   * The Jacobian of y for x times a vector: how y changes when x moves along v. Reverse mode twice
   * (Townsend 2017): the product uᵀJ is linear in u, and its derivative for u in the direction v is
   * Jv.
   *
   * @return of the shape of y
   */
  public static Tensor jacobianVector(Tensor y, Tensor x, Tensor v) {
    fits("jacobianvector", x, v);
    // A variable of its own: a constant could occur in y, too. The result does not depend on its
    // value.
    Tensor u = Tensor.of(new Variable("seed", y.dtype(), y.shape()));
    Tensor row = Gradients.of(y, u).withRespectTo(x);
    return Gradients.of(row, v).withRespectTo(u);
  }

  /** A vector times the Jacobian of y for x: the gradient of Σ u · y, of the shape of x. */
  public static Tensor vectorJacobian(Tensor u, Tensor y, Tensor x) {
    fits("vectorjacobian", y, u);
    return Gradients.of(y, u).withRespectTo(x);
  }

  /** The Jacobian of y for x: [elements of y, elements of x], both in row-major order. */
  public static Tensor jacobian(Tensor y, Tensor x) {
    int n = Math.toIntExact(y.shape().size());
    int m = Math.toIntExact(x.shape().size());
    if (n == 0) {
      return Tensor.zeros(x.dtype(), Shape.of(0, m));
    }
    List<Tensor> rows = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      NDArray one = NDArray.zeros(y.dtype(), y.shape());
      one.set(i, 1);
      rows.add(Gradients.of(y, Tensor.constant(one)).withRespectTo(x).reshape(m));
    }
    return Tensor.stack(0, rows);
  }

  /** The matrix of second derivatives of a scalar for x: [n, n], x in row-major order. */
  public static Tensor hessian(Tensor scalar, Tensor x) {
    return jacobian(Gradients.of(scalar).withRespectTo(x), x);
  }

  /**
   * The Hessian of a scalar for several tensors together, times a vector (Pearlmutter 1994, by
   * reverse mode twice).
   *
   * @param x what is differentiated for
   * @param v for each of them its part of the vector, of its shape
   * @return for each of them its part of the product
   */
  public static List<Tensor> hessianVector(Tensor scalar, List<Tensor> x, List<Tensor> v) {
    if (x.size() != v.size()) {
      throw CajalException.at(
          "hessianvector",
          x.size() + " tensors and " + v.size() + " vectors were given; one for each is needed");
    }
    List<Tensor> gradients = Gradients.of(scalar).withRespectTo(x);
    Tensor along = Tensor.scalar(scalar.dtype(), 0);
    for (int i = 0; i < x.size(); i++) {
      fits("hessianvector", x.get(i), v.get(i));
      along = along.plus(gradients.get(i).times(v.get(i)).sum());
    }
    return Gradients.of(along).withRespectTo(x);
  }
}
