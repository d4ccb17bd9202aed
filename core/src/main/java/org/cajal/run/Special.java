package org.cajal.run;

/** Special functions in double precision. */
public final class Special {
  private static final double ONE_OVER_ROOT_PI = 0.564189583547756286948079451560772586;

  // erf on [0, 0.46875].
  private static final double[] NEAR_P = {
    1.85777706184603152673e-1,
    3.16112374387056560e0,
    1.13864154151050156e2,
    3.77485237685302021e2,
    3.20937758913846947e3
  };
  private static final double[] NEAR_Q = {
    1, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3
  };
  // erfc on [0.46875, 4], times e^(x^2).
  private static final double[] MIDDLE_P = {
    2.15311535474403846343e-8,
    5.64188496988670089180e-1,
    8.88314979438837594118e0,
    6.61191906371416294775e1,
    2.98635138197400131132e2,
    8.81952221241769090411e2,
    1.71204761263407058314e3,
    2.05107837782607146532e3,
    1.23033935479799725272e3
  };
  private static final double[] MIDDLE_Q = {
    1,
    1.57449261107098347253e1,
    1.17693950891312499305e2,
    5.37181101862009857509e2,
    1.62138957456669018874e3,
    3.29079923573345962678e3,
    4.36261909014324715820e3,
    3.43936767414372163696e3,
    1.23033935480374942043e3
  };
  // erfc beyond 4, times x e^(x^2), in 1/x^2.
  private static final double[] FAR_P = {
    1.63153871373020978498e-2,
    3.05326634961232344035e-1,
    3.60344899949804439429e-1,
    1.25781726111229246204e-1,
    1.60837851487422766278e-2,
    6.58749161529837803157e-4
  };
  private static final double[] FAR_Q = {
    1,
    2.56852019228982242072e0,
    1.87295284992346725209e0,
    5.27905102951428412248e-1,
    6.05183413124413191178e-2,
    2.33520497626869185443e-3
  };

  private Special() {}

  /**
   * The error function, 2/√π times the integral of e^(−t²) from 0 to x, by the rational
   * approximations of W. J. Cody, Rational Chebyshev Approximations for the Error Function,
   * Mathematics of Computation 23 (1969). The error is below 4e-16. The sign of zero is kept; NaN
   * gives NaN.
   */
  public static double erf(double x) {
    double size = Math.abs(x);
    if (size <= 0.46875) {
      double z = x * x;
      return x * (polynomial(NEAR_P, z) / polynomial(NEAR_Q, z));
    }
    if (size >= 6) {
      return Math.copySign(1, x);
    }
    double complement;
    if (size <= 4) {
      complement = polynomial(MIDDLE_P, size) / polynomial(MIDDLE_Q, size);
    } else {
      double z = 1 / (size * size);
      complement = (ONE_OVER_ROOT_PI - z * (polynomial(FAR_P, z) / polynomial(FAR_Q, z))) / size;
    }
    // NaN arrives here and stays.
    return Math.copySign(1 - complement * StrictMath.exp(-size * size), x);
  }

  private static double polynomial(double[] coefficients, double x) {
    double y = coefficients[0];
    for (int i = 1; i < coefficients.length; i++) {
      y = y * x + coefficients[i];
    }
    return y;
  }
}
