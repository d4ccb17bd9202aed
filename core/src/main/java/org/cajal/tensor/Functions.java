package org.cajal.tensor;

import java.util.ArrayList;
import java.util.List;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.Shape;

/**
 * Elementwise functions made of the primitives: the rest of the elementary functions, and the
 * activations as plain mathematics. All broadcast, all are differentiable to any order in the sense
 * of their primitives; what happens at kinks is said at each. Formulas are chosen for small
 * relative error in single precision.
 */
public final class Functions {
  private static final double SELU_ALPHA = 1.6732632423543772;
  private static final double SELU_SCALE = 1.0507009873554805;

  /**
   * How often a function whose derivative contains itself is spelled out before its formula is
   * differentiated.
   */
  private static final int ORDERS = 3;

  /**
   * The Chebyshev coefficients, in s = 2t − 1, of e^(x²)·erfc(x)/t with t = 2/(2 + x) for x ≥ 0:
   * computed in 40 digits; the last is 2e-16.
   */
  private static final double[] ERFC = {
    1.1540674772329393772,
    0.35543692127049848731,
    0.06509515882878652455,
    0.0036711423958366391659,
    -0.0011128447433526324969,
    -0.00016075829915378079758,
    0.000032780315741731370605,
    5.4424416455050160333e-6,
    -1.5154665553171481622e-6,
    -1.4297608181169864917e-7,
    8.234608827419493433e-8,
    -1.2962846852306562536e-9,
    -4.1547216310151983042e-9,
    6.3470582783628111814e-10,
    1.4320822712256223707e-10,
    -6.1603901052045855418e-11,
    2.0612138554721696306e-12,
    3.571493148847704445e-12,
    -8.5864228432517964757e-13,
    -6.145600213790630554e-14,
    7.4187257485966170573e-14,
    -1.2895042755032325615e-14,
    -2.3587263857106323568e-15,
    1.5729349381685911397e-15,
    -2.2782966239546465174e-16
  };

  private Functions() {}

  /** A constant of the same type. */
  private static Tensor number(Tensor x, double value) {
    return Tensor.scalar(x.dtype(), value);
  }

  private static Tensor region(Tensor value, String label, Tensor x, Tensor derivative) {
    return value.region(label, List.of(x), List.of(derivative));
  }

  private static Tensor positive(Tensor x) {
    return x.greater(0);
  }

  // Exponentials and logarithms

  /** 2^x. */
  public static Tensor exp2(Tensor x) {
    return number(x, 2).power(x);
  }

  /** log₂ x. */
  public static Tensor log2(Tensor x) {
    return x.log().dividedBy(Math.log(2));
  }

  /** log₁₀ x. */
  public static Tensor log10(Tensor x) {
    return x.log().dividedBy(Math.log(10));
  }

  // Trigonometric and hyperbolic functions

  /** The tangent, in radians. */
  public static Tensor tan(Tensor x) {
    return x.sin().dividedBy(x.cos());
  }

  /** The arc sine, in radians; NaN outside −1 to 1. */
  public static Tensor asin(Tensor x) {
    Tensor cosine = x.oneMinusSquare().sqrt();
    return region(x.dividedBy(cosine).atan(), "asin", x, cosine.reciprocal());
  }

  /** The arc cosine, in radians; NaN outside −1 to 1. */
  public static Tensor acos(Tensor x) {
    Tensor half = number(x, 1).minus(x).dividedBy(x.plus(1)).sqrt().atan();
    return region(half.times(2), "acos", x, x.oneMinusSquare().sqrt().reciprocal().negate());
  }

  /**
   * The angle of the point (x, y) from the positive x axis, −π to π; the signs of zeros count as in
   * {@link Math#atan2}.
   *
   * @param y the ordinate
   * @param x the abscissa
   */
  public static Tensor atan2(Tensor y, Tensor x) {
    Shape common = Shape.broadcast("atan2", y.shape(), x.shape());
    Tensor b = y.broadcastTo(common);
    Tensor a = x.broadcastTo(common);
    Tensor high = a.abs().maximum(b.abs());
    Tensor low = a.abs().minimum(b.abs());
    Tensor ratio = Tensor.where(low.equalTo(high), high.sign(), low.dividedBy(high));
    Tensor steep = b.abs().greater(a.abs());
    Tensor first = ratio.atan();
    Tensor quarter = Tensor.where(steep, number(x, Math.PI / 2).minus(first), first);
    Tensor half = Tensor.where(negative(a), number(x, Math.PI).minus(quarter), quarter);
    Tensor value = Tensor.where(negative(b), half.negate(), half);
    Tensor square = a.square().plus(b.square());
    return value.region(
        "atan2", List.of(b, a), List.of(a.dividedBy(square), b.negate().dividedBy(square)));
  }

  /** Whether the sign is set, that of −0 too. */
  private static Tensor negative(Tensor x) {
    return x.less(0).or(x.equalTo(0).and(x.reciprocal().less(0)));
  }

  /**
   * The length of the vector (x, y), √(x² + y²), without overflow in between; the gradient at the
   * origin is 0.
   */
  public static Tensor hypot(Tensor x, Tensor y) {
    Tensor scale = x.abs().maximum(y.abs()).stopGradient();
    Tensor plain = scale.equalTo(0).or(scale.equalTo(Double.POSITIVE_INFINITY));
    Tensor safe = Tensor.where(plain, number(x, 1), scale);
    Tensor square = x.dividedBy(safe).square().plus(y.dividedBy(safe).square());
    return squareRootOrZero(square).times(safe);
  }

  /** √x with value and gradient 0 at 0. */
  static Tensor squareRootOrZero(Tensor x) {
    Tensor zero = x.equalTo(0);
    return Tensor.where(zero, number(x, 0), Tensor.where(zero, number(x, 1), x).sqrt());
  }

  /** The hyperbolic sine. */
  public static Tensor sinh(Tensor x) {
    return sinh(x, ORDERS);
  }

  private static Tensor sinh(Tensor x, int orders) {
    Tensor a = x.abs();
    Tensor small = Tensor.where(a.less(1), a, number(x, 0)).expm1();
    Tensor near = small.plus(small.dividedBy(small.plus(1))).times(0.5);
    Tensor root = a.times(0.5).exp();
    Tensor far = root.times(0.5).times(root).minus(number(x, 0.5).dividedBy(root).dividedBy(root));
    Tensor value = Tensor.where(a.less(1), near, far).times(x.sign());
    return orders == 0 ? value : region(value, "sinh", x, cosh(x, orders - 1));
  }

  /** The hyperbolic cosine. */
  public static Tensor cosh(Tensor x) {
    return cosh(x, ORDERS);
  }

  private static Tensor cosh(Tensor x, int orders) {
    Tensor root = x.abs().times(0.5).exp();
    Tensor value = root.times(0.5).times(root).plus(number(x, 0.5).dividedBy(root).dividedBy(root));
    return orders == 0 ? value : region(value, "cosh", x, sinh(x, orders - 1));
  }

  /** The inverse of sinh. */
  public static Tensor asinh(Tensor x) {
    Tensor a = x.abs();
    Tensor large = a.greater(1e9);
    Tensor safe = Tensor.where(large, number(x, 1), a);
    Tensor square = safe.square();
    Tensor near = safe.plus(square.dividedBy(square.plus(1).sqrt().plus(1))).log1p();
    Tensor far = Tensor.where(large, a, number(x, 1)).log().plus(Math.log(2));
    Tensor value = Tensor.where(large, far, near).times(x.sign());
    return region(value, "asinh", x, hypot(x, number(x, 1)).reciprocal());
  }

  /** The inverse of cosh on 1 to ∞; NaN below. */
  public static Tensor acosh(Tensor x) {
    Tensor large = x.greater(1e9);
    Tensor t = Tensor.where(large, number(x, 1), x).minus(1);
    Tensor near = t.plus(t.sqrt().times(t.plus(2).sqrt())).log1p();
    Tensor far = Tensor.where(large, x, number(x, 1)).log().plus(Math.log(2));
    Tensor root = Tensor.where(large, x, x.oneMinusSquare().negate().sqrt().abs());
    return region(Tensor.where(large, far, near), "acosh", x, root.reciprocal());
  }

  /** The inverse of tanh; infinite at ±1, NaN outside. */
  public static Tensor atanh(Tensor x) {
    Tensor a = x.abs();
    Tensor value = a.times(2).dividedBy(number(x, 1).minus(a)).log1p().times(0.5).times(x.sign());
    return region(value, "atanh", x, x.oneMinusSquare().reciprocal());
  }

  /** 1 − erf x, with small relative error far to the right too. */
  public static Tensor erfc(Tensor x) {
    Tensor a = x.abs();
    Tensor t = number(x, 2).dividedBy(a.plus(2));
    Tensor s = t.times(2).minus(1);
    int terms = x.dtype() == DType.F32 ? 14 : ERFC.length;
    Tensor twice = s.times(2);
    Tensor b1 = number(x, 0);
    Tensor b2 = number(x, 0);
    for (int k = terms - 1; k > 0; k--) {
      Tensor b = twice.times(b1).minus(b2).plus(ERFC[k]);
      b2 = b1;
      b1 = b;
    }
    Tensor series = s.times(b1).minus(b2).plus(ERFC[0] / 2);
    // e^(−a²) in two factors: the square of a rounded to sixteenths is exact, and the rest is
    // small.
    Tensor bounded = a.minimum(number(x, 100));
    Tensor coarse = bounded.times(16).floor().times(1.0 / 16);
    Tensor rest = bounded.minus(coarse).times(bounded.plus(coarse));
    Tensor tail = coarse.square().negate().exp().times(rest.negate().exp()).times(t).times(series);
    Tensor value = Tensor.where(x.less(0), number(x, 2).minus(tail), tail);
    return region(value, "erfc", x, x.square().negate().exp().times(-2 / Math.sqrt(Math.PI)));
  }

  // Remainders

  /**
   * The remainder of x / y with the sign of x, exact for quotients below 2^29; the gradients are 1
   * and −trunc(x / y).
   */
  public static Tensor fmod(Tensor x, Tensor y) {
    return inDouble(x, y, false);
  }

  /**
   * The remainder of x / y with the sign of y, exact for quotients below 2^29; the gradients are 1
   * and −⌊x / y⌋.
   */
  public static Tensor remainder(Tensor x, Tensor y) {
    return inDouble(x, y, true);
  }

  /**
   * Single precision is widened, since the difference of x and a multiple of y is not exact in it.
   */
  private static Tensor inDouble(Tensor x, Tensor y, boolean floored) {
    return x.dtype() == DType.F32
        ? modulo(x.cast(DType.F64), y.cast(DType.F64), floored).cast(DType.F32)
        : modulo(x, y, floored);
  }

  private static Tensor modulo(Tensor x, Tensor y, boolean floored) {
    Tensor zero = number(x, 0);
    Tensor quotient = x.dividedBy(y);
    Tensor whole = floored ? quotient.floor() : quotient.trunc();
    // A zero quotient leaves x alone, also where y is infinite.
    Tensor product =
        Tensor.where(whole.equalTo(0), zero, whole)
            .times(Tensor.where(whole.equalTo(0), number(y, 1), y));
    Tensor rest = x.minus(product);
    // A quotient that was rounded up to a whole number leaves a rest of the wrong sign.
    Tensor owner = floored ? y : x;
    Tensor wrong = rest.sign().times(owner.sign()).less(0);
    Tensor step = y.times(y.sign().times(owner.sign()).stopGradient());
    return Tensor.where(wrong, rest.plus(step), rest);
  }

  // Activations

  /** Clipped to an interval with gradient 0 at its ends and outside. */
  public static Tensor hardTanh(Tensor x, double low, double high) {
    return Tensor.where(
        x.lessOrEqual(low),
        number(x, low),
        Tensor.where(x.greaterOrEqual(high), number(x, high), x));
  }

  /** min(max(x, 0), 6); the gradient is 0 at 0 and 6. */
  public static Tensor relu6(Tensor x) {
    return hardTanh(x, 0, 6);
  }

  /**
   * min(max(x + 3, 0), 6) / 6; the gradient is 0 at −3 and 3 (Courbariaux et al. 2015, in the form
   * of Howard et al. 2019).
   */
  public static Tensor hardSigmoid(Tensor x) {
    return hardTanh(x.plus(3), 0, 6).dividedBy(6);
  }

  /**
   * x · hardSigmoid(x); the gradient is 0 at and below −3 and 1 at and above 3 (Howard et al.
   * 2019).
   */
  public static Tensor hardSwish(Tensor x) {
    Tensor inside = x.greater(-3).and(x.less(3));
    Tensor middle = Tensor.where(inside, x, number(x, 0));
    Tensor curve = middle.times(middle.plus(3)).dividedBy(6);
    return Tensor.where(x.lessOrEqual(-3), number(x, 0), Tensor.where(inside, curve, x));
  }

  /** x above 0, else slope · x; the gradient at 0 is the slope (Maas et al. 2013). */
  public static Tensor leakyRelu(Tensor x, double slope) {
    return Tensor.where(positive(x), x, x.times(slope));
  }

  /**
   * x above 0, else weight · x, with a learned weight (He et al. 2015).
   *
   * @param weight a scalar, or [C] for the channels of x [N, C, ...]
   */
  public static Tensor prelu(Tensor x, Tensor weight) {
    Tensor w = weight;
    if (weight.shape().size() == 1) {
      w = weight.reshape(Shape.SCALAR);
    } else {
      if (x.rank() < 2 || weight.rank() != 1 || weight.dim(0) != x.dim(1)) {
        throw CajalException.at(
            "prelu",
            "the weight "
                + weight.shape()
                + " does not fit x "
                + x.shape()
                + "; it must have one element, or one for each channel on axis 1");
      }
      Shape shape = Shape.of(weight.dim(0));
      for (int i = 2; i < x.rank(); i++) {
        shape = shape.insert(shape.rank(), 1);
      }
      w = weight.reshape(shape);
    }
    return Tensor.where(positive(x), x, x.times(w));
  }

  /** x above 0, else α(e^x − 1); the gradient at 0 is α (Clevert et al. 2016). */
  public static Tensor elu(Tensor x, double alpha) {
    return Tensor.where(
        positive(x), x, Tensor.where(positive(x), number(x, 0), x).expm1().times(alpha));
  }

  /** Scaled ELU, which keeps mean 0 and variance 1 (Klambauer et al. 2017). */
  public static Tensor selu(Tensor x) {
    Tensor below =
        Tensor.where(positive(x), number(x, 0), x).expm1().times(SELU_SCALE * SELU_ALPHA);
    return Tensor.where(positive(x), x.times(SELU_SCALE), below);
  }

  /** max(0, x) + min(0, α(e^(x/α) − 1)) (Barron 2017). */
  public static Tensor celu(Tensor x, double alpha) {
    Tensor below = Tensor.where(positive(x), number(x, 0), x).dividedBy(alpha).expm1().times(alpha);
    return Tensor.where(positive(x), x, below);
  }

  /** ln(1 + e^x), stable for any x. */
  public static Tensor softplus(Tensor x) {
    Tensor value = x.relu().plus(x.abs().negate().exp().log1p());
    return region(value, "softplus", x, x.sigmoid());
  }

  /** ln(1 + e^(βx)) / β, and x itself where βx is above the threshold. */
  public static Tensor softplus(Tensor x, double beta, double threshold) {
    Tensor scaled = x.times(beta);
    return Tensor.where(scaled.greater(threshold), x, softplus(scaled).dividedBy(beta));
  }

  /** ln sigmoid(x), stable for any x. */
  public static Tensor logSigmoid(Tensor x) {
    return softplus(x.negate()).negate();
  }

  /**
   * x · Φ(x) with the distribution function of the normal distribution (Hendrycks and Gimpel 2016).
   */
  public static Tensor gelu(Tensor x) {
    return x.times(0.5).times(x.times(Math.sqrt(0.5)).erf().plus(1));
  }

  /** The approximation of {@link #gelu} by tanh: 0.5x(1 + tanh(√(2/π)(x + 0.044715x³))). */
  public static Tensor geluTanh(Tensor x) {
    Tensor inner = x.square().times(x).times(0.044715).plus(x).times(Math.sqrt(2 / Math.PI));
    return x.times(0.5).times(inner.tanh().plus(1));
  }

  /** x · sigmoid(x), also known as swish (Ramachandran et al. 2017). */
  public static Tensor silu(Tensor x) {
    return x.times(x.sigmoid());
  }

  /** x · tanh(softplus(x)) (Misra 2019). */
  public static Tensor mish(Tensor x) {
    return x.times(softplus(x).tanh());
  }

  /** x / (1 + |x|) (Turian et al. 2009). */
  public static Tensor softsign(Tensor x) {
    Tensor below = x.abs().plus(1);
    return region(x.dividedBy(below), "softsign", x, below.square().reciprocal());
  }

  /** x − tanh x. */
  public static Tensor tanhShrink(Tensor x) {
    return region(x.minus(x.tanh()), "tanhShrink", x, x.tanh().square());
  }

  /** 0 where |x| ≤ λ, else x. */
  public static Tensor hardShrink(Tensor x, double lambda) {
    return Tensor.where(x.abs().lessOrEqual(lambda), number(x, 0), x);
  }

  /** x moved towards 0 by λ, and 0 where |x| ≤ λ. */
  public static Tensor softShrink(Tensor x, double lambda) {
    Tensor zero = number(x, 0);
    Tensor moved = Tensor.where(x.less(-lambda), x.plus(lambda), x.minus(lambda));
    return Tensor.where(x.abs().lessOrEqual(lambda), zero, moved);
  }

  /** x above the threshold, else a fixed value. */
  public static Tensor threshold(Tensor x, double threshold, double value) {
    return Tensor.where(x.lessOrEqual(threshold), number(x, value), x);
  }

  /** The first half along an axis times the sigmoid of the second (Dauphin et al. 2017). */
  public static Tensor glu(Tensor x, int axis) {
    int n = x.dim(x.shape().axis("glu", axis));
    if (n % 2 != 0) {
      throw CajalException.at(
          "glu",
          "axis " + axis + " of shape " + x.shape() + " is odd; it must split into two halves");
    }
    return x.slice(axis, 0, n / 2).times(x.slice(axis, n / 2, n).sigmoid());
  }

  /** How the pieces of {@link #maxout} lie along the channels. */
  public enum MaxoutLayout {
    /** Channel c is the largest of x[c · pieces + j]. */
    CONSECUTIVE,
    /** Channel c is the largest of x[j · channels + c]. */
    STRIDED
  }

  /**
   * The largest of several pieces along axis 1 (Goodfellow et al. 2013); ties share the gradient
   * equally.
   *
   * @param x [N, C · pieces, ...]
   */
  public static Tensor maxout(Tensor x, int pieces, MaxoutLayout layout) {
    if (x.rank() < 2 || pieces < 1 || x.dim(1) % pieces != 0) {
      throw CajalException.at(
          "maxout", "axis 1 of " + x.shape() + " does not split into pieces of " + pieces);
    }
    int channels = x.dim(1) / pieces;
    List<Integer> dims = new ArrayList<>(x.shape().dims());
    boolean consecutive = layout == MaxoutLayout.CONSECUTIVE;
    dims.set(1, consecutive ? channels : pieces);
    dims.add(2, consecutive ? pieces : channels);
    return x.reshape(new Shape(dims)).max(consecutive ? 2 : 1);
  }
}
