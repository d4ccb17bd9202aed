package org.cajal.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | 0",
        "-0.0 | 0",
        "1 | 1",
        "0.1 | 0.1",
        "0.031254 | 0.03125",
        "12.3456 | 12.35",
        "1234.56 | 1234.6",
        "51234.5 | 51,235",
        "-120000 | -120,000",
        "9999999 | 9,999,999",
        "12345678 | 1.23e7",
        "0.00009 | 9e-5",
        "NaN | not a number",
        "Infinity | ∞",
        "-Infinity | −∞",
        "100 | 100",
      })
  void readsAsPeopleWriteIt(double value, String text) {
    assertThat(Numbers.plain(value)).isEqualTo(text);
  }

  @Test
  void writesSharesCountsAndTimes() {
    assertThat(Numbers.percent(0.98765)).isEqualTo("98.8 %");
    assertThat(Numbers.percent(Double.NaN)).isEqualTo("–");
    assertThat(Numbers.count(61706)).isEqualTo("61,706");
    assertThat(Numbers.duration(59.6)).isEqualTo("1:00");
    assertThat(Numbers.duration(3723)).isEqualTo("1:02:03");
    assertThat(Numbers.coordinate(12.5)).isEqualTo("12.5");
    assertThat(Numbers.coordinate(-1.2345)).isEqualTo("-1.23");
  }
}
