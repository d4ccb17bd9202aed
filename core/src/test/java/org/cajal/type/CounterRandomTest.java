package org.cajal.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class CounterRandomTest {
  @Test
  void theBlockFunctionGivesTheKnownAnswersOfItsAuthors() {
    assertThat(CounterRandom.bits(0, 0, 0, 0)).isEqualTo(0x6b200159_99ba4efeL);
    assertThat(CounterRandom.bits(-1, -1, -1, -1)).isEqualTo(0x1cb996fc_bb002be7L);
    assertThat(CounterRandom.bits(0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3))
        .isEqualTo(0xc4923a9c_483df7a0L);
  }

  @Test
  void theWordStreamHasRunsOfSixteenFirstAndSixteenSecondWords() {
    long key = 0x13198a2e_03707344L;
    for (int i : new int[] {0, 1, 15, 16, 31, 32, 47, 48, 63, 1000}) {
      long counter = i / 32 * 16L + i % 16;
      long block = CounterRandom.bits(key, counter);
      assertThat(CounterRandom.word(key, i))
          .isEqualTo(i % 32 < 16 ? (int) (block >>> 32) : (int) block);
    }
  }

  @Test
  void keysDifferBySeedPathAndNumber() {
    Set<Long> keys = new HashSet<>();
    for (long seed = -2; seed < 3; seed++) {
      for (String path : new String[] {"", "a", "b", "ab", "0/weight", "0/bias", "größe"}) {
        long key = CounterRandom.key(seed, path);
        assertThat(CounterRandom.key(seed, path)).isEqualTo(key);
        keys.add(key);
        for (long number = -1; number < 3; number++) {
          keys.add(CounterRandom.key(key, number));
        }
      }
    }
    assertThat(keys).hasSize(5 * 7 * 5);
  }

  @Test
  void uniformNumbersFillTheOpenUnitIntervalEvenly() {
    long key = CounterRandom.key(1, "uniform");
    int n = 200_000;
    int[] bins = new int[20];
    double sum = 0;
    double lowest = 1;
    double highest = 0;
    for (int i = 0; i < n; i++) {
      double u = CounterRandom.uniform(key, i);
      lowest = Math.min(lowest, u);
      highest = Math.max(highest, u);
      bins[(int) (u * bins.length)]++;
      sum += u;
    }
    assertThat(lowest).isPositive();
    assertThat(highest).isLessThan(1);
    double chiSquare = 0;
    double expected = n / (double) bins.length;
    for (int count : bins) {
      chiSquare += (count - expected) * (count - expected) / expected;
    }
    assertThat(chiSquare).as("19 degrees of freedom, 0.1 % in either tail").isBetween(5.4, 43.8);
    assertThat(sum / n).isBetween(0.497, 0.503);
  }

  @Test
  void normalNumbersHaveTheMomentsOfTheNormalDistribution() {
    long key = CounterRandom.key(7, "normal");
    int n = 200_000;
    double[] moments = new double[5];
    for (int i = 0; i < n; i++) {
      double x = CounterRandom.normal(key, i);
      for (int k = 1; k < 5; k++) {
        moments[k] += Math.pow(x, k) / n;
      }
    }
    assertThat(moments[1]).isBetween(-0.01, 0.01);
    assertThat(moments[2]).isBetween(0.985, 1.015);
    assertThat(moments[3]).isBetween(-0.04, 0.04);
    assertThat(moments[4]).isBetween(2.85, 3.15);
  }

  @Test
  void numbersBelowABoundAreEvenAndStayBelow() {
    long key = CounterRandom.key(3, "below");
    int[] counts = new int[7];
    for (int i = 0; i < 70_000; i++) {
      counts[(int) CounterRandom.below(key, i, 7)]++;
    }
    assertThat(Arrays.stream(counts)).allMatch(c -> c > 9_600 && c < 10_400);
    assertThatThrownBy(() -> CounterRandom.below(key, 0, 0))
        .isInstanceOf(CajalException.class)
        .hasMessage("[random] a bound of 0 leaves no number to draw; it must be 1 or larger");
  }

  @Test
  void aPermutationHoldsEachNumberOnceAndEveryOrderIsAsLikely() {
    int[] order = CounterRandom.permutation(CounterRandom.key(5, "shuffle"), 1000);
    assertThat(Arrays.stream(order).sorted().toArray())
        .isEqualTo(IntStream.range(0, 1000).toArray());
    int[] counts = new int[27];
    for (int i = 0; i < 6000; i++) {
      int[] p = CounterRandom.permutation(CounterRandom.key(11, i), 3);
      counts[p[0] * 9 + p[1] * 3 + p[2]]++;
    }
    assertThat(Arrays.stream(counts).filter(c -> c > 0))
        .hasSize(6)
        .allMatch(c -> c > 880 && c < 1120);
    assertThat(CounterRandom.permutation(1, 0)).isEmpty();
    assertThatThrownBy(() -> CounterRandom.permutation(1, -1))
        .hasMessage("[random] cannot order -1 things; the number must be 0 or larger");
  }
}
