package org.cajal.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

@SuppressWarnings(
    "FloatingPointLiteralPrecision") // more digits than a double holds, to be sure of the last
final class StandardNormalTest {
  /** x, Φ(x) to 17 digits. */
  private static final double[][] TABLE = {
    {-38, 2.88542836006878431e-316}, {-20, 2.7536241186062337e-89}, {-10, 7.61985302416052607e-24},
    {-8, 6.22096057427178412e-16}, {-6, 9.86587645037698141e-10}, {-5, 2.86651571879193912e-7},
    {-4, 0.0000316712418331199213}, {-3.5, 0.000232629079035525036}, {-3, 0.00134989803163009453},
    {-2.5, 0.00620966532577613517}, {-2, 0.0227501319481792072}, {-1.75, 0.0400591568638170904},
    {-1.5, 0.066807201268858066}, {-1.25, 0.105649773666855258}, {-1, 0.158655253931457051},
    {-0.5, 0.308537538725986896}, {-0.125, 0.450261775169887107}, {0.25, 0.598706325682923724},
    {1, 0.841344746068542949}, {1.5, 0.933192798731141934}, {2, 0.977249868051820793},
    {3, 0.998650101968369905}, {4, 0.99996832875816688}
  };

  @Test
  void theDistributionFunctionMatchesTabulatedValues() {
    for (double[] row : TABLE) {
      assertThat(StandardNormal.cdf(row[0]))
          .as("Φ(%s)", row[0])
          .isCloseTo(row[1], within(2e-14 * row[1]));
    }
    assertThat(StandardNormal.cdf(Double.NEGATIVE_INFINITY)).isZero();
    assertThat(StandardNormal.cdf(Double.POSITIVE_INFINITY)).isOne();
    assertThat(StandardNormal.cdf(Double.NaN)).isNaN();
  }

  @Test
  void theQuantileInvertsTheDistributionFunction() {
    for (double[] row : TABLE) {
      boolean subnormal = row[1] < Double.MIN_NORMAL;
      if (row[0] < 3 && !subnormal) {
        double slack = 4e-16 * row[1] / StandardNormal.density(row[0]);
        assertThat(StandardNormal.quantile(row[1]))
            .isCloseTo(row[0], within(1e-15 * Math.abs(row[0]) + slack));
      }
    }
    assertThat(StandardNormal.quantile(0.5)).isZero();
    assertThat(StandardNormal.quantile(0.975)).isCloseTo(1.9599639845400542355, within(1e-15));
    assertThat(StandardNormal.quantile(0)).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(StandardNormal.quantile(1)).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(StandardNormal.quantile(1.5)).isNaN();
    assertThat(StandardNormal.quantile(-0.5)).isNaN();
  }
}
