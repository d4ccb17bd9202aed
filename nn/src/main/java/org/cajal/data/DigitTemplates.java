package org.cajal.data;

import java.util.ArrayList;
import java.util.List;

/**
 * The strokes of which {@link DrawnDigits} are drawn: for each digit some ways of writing it, each
 * a list of strokes, each a list of points through which the pen goes. Coordinates are hundredths
 * of the digit's box, x to the right, y down; the pen turns sharply at points marked {@code !} and
 * smoothly elsewhere.
 */
final class DigitTemplates {
  private static final String[][] TEXTS = {
    {
      "55,5 25,18 12,50 25,88 52,96 78,80 88,48 76,16 52,5",
      "62,8 35,10 15,42 20,82 48,97 76,78 84,40 68,12 50,14",
      "60,4 38,25 28,60 38,94 58,90 72,55 70,20 56,4",
      "40,10 15,40 20,85 55,95 85,65 80,22 50,6 35,16",
      "52,6 22,22 16,60 34,92 66,90 84,58 76,20 50,8 40,4"
    },
    {
      "50,4 50,96",
      "30,24! 54,5! 52,96",
      "32,22! 52,6! 52,94|28,95 76,94",
      "66,4 38,96",
      "44,6 50,50 50,96",
      "36,16 52,4! 50,60 54,96"
    },
    {
      "18,28 32,8 60,6 76,26 62,55 35,80 16,95! 50,92 84,94",
      "20,25 40,6 70,14 70,42 45,72 20,90 22,78 40,80 62,94 86,88",
      "22,18 50,5 74,20 66,46 20,94! 82,94",
      "15,35 28,12 58,8 72,30 50,62 22,88 30,96 55,88 84,92",
      "24,12 56,4 78,22 62,50 30,70 14,86 28,96 46,84 66,92 88,84"
    },
    {
      "22,12 50,5 74,20 66,40 44,48! 72,56 80,76 58,95 22,90",
      "20,8! 76,8! 46,42! 74,52 80,76 56,96 20,88",
      "26,18 48,5 70,16 66,36 42,46 70,54 76,78 50,97 18,82",
      "18,14 55,4 76,24 40,48 50,47 80,66 68,92 34,96 16,84",
      "28,10 60,6 72,24 56,44 38,48! 62,50 74,70 60,90 30,94 14,80"
    },
    {
      "30,6 24,50! 82,50|66,10 64,96",
      "62,96! 62,5! 16,64! 86,62",
      "36,5 18,52 40,58 80,52|72,20 66,60 62,97",
      "24,8 22,42 40,52 66,44! 72,8! 66,96",
      "40,4 14,58! 88,54|60,34 58,98"
    },
    {
      "74,8! 32,8! 28,42! 56,38 78,58 70,86 44,96 18,86",
      "34,10 28,44! 58,40 76,64 60,92 20,92|32,10 78,8",
      "70,5 34,8 30,40 55,42 74,62 66,90 36,96 20,84",
      "80,6 42,10 26,44 60,46 72,72 50,95 16,90",
      "36,8 34,40 60,46 72,68 56,92 26,94|36,9 84,4"
    },
    {
      "66,5 36,28 20,62 32,92 58,94 74,74 62,54 38,58 24,74",
      "56,4 28,40 22,74 42,96 70,86 72,62 48,54 26,68",
      "72,10 44,14 22,48 24,84 50,97 76,80 66,58 40,60 26,72",
      "40,4 24,40 20,76 38,95 62,88 66,66 46,58 24,72",
      "60,4 30,30 18,66 30,94 66,92 78,70 56,58 30,72 26,84"
    },
    {
      "18,10! 80,10! 46,96",
      "18,12! 80,10! 44,96|32,52 70,50",
      "16,22 22,10 50,14 80,8! 60,44 48,96",
      "20,26! 20,10! 78,12! 62,40 52,70 50,96",
      "14,16 40,8 76,14 70,40 54,70 40,96"
    },
    {
      "72,18 48,4 26,20 40,42 66,58 76,80 50,97 24,80 36,56 64,40 72,18",
      "50,5 28,18 32,40 52,46 72,36 70,14 50,5|50,46 24,62 26,88 52,96 78,84 74,58 50,46",
      "78,14 50,6 28,22 48,46 72,70 58,95 30,88 34,62 60,42 76,20",
      "60,6 34,12 34,34 60,56 66,84 42,96 24,78 44,52 70,30 62,8",
      "66,24 52,6 32,16 38,40 62,62 62,90 38,94 30,72 52,48 72,26 80,10"
    },
    {
      "74,28 56,6 28,14 22,38 44,52 70,40 74,24! 72,60 64,96",
      "72,20 46,6 24,28 36,50 64,44 76,18 74,56 56,94",
      "70,30 50,8 26,24 34,48 60,46 72,14! 70,96",
      "74,30 58,6 30,12 24,40 50,52 74,28 76,66 60,94 28,90",
      "68,12 38,8 22,32 40,50 66,36 72,12! 66,54 46,96"
    }
  };

  /**
   * By digit, then way of writing, then stroke: points x, y and 1 for a sharp turn, one after the
   * other.
   */
  private static final double[][][][] STROKES = parse();

  private DigitTemplates() {}

  /** The number of ways in which a digit is written. */
  static int ways(int digit) {
    return STROKES[digit].length;
  }

  /** The strokes of one way of writing a digit; not to be changed. */
  static double[][] strokes(int digit, int way) {
    return STROKES[digit][way];
  }

  private static double[][][][] parse() {
    double[][][][] all = new double[TEXTS.length][][][];
    for (int digit = 0; digit < TEXTS.length; digit++) {
      all[digit] = new double[TEXTS[digit].length][][];
      for (int way = 0; way < TEXTS[digit].length; way++) {
        all[digit][way] = strokes(TEXTS[digit][way]);
      }
    }
    return all;
  }

  private static double[][] strokes(String text) {
    List<double[]> out = new ArrayList<>();
    List<Double> stroke = new ArrayList<>();
    int number = 0;
    boolean sharp = false;
    for (int i = 0; i <= text.length(); i++) {
      char c = i < text.length() ? text.charAt(i) : '|';
      switch (c) {
        case ',' -> {
          stroke.add((double) number);
          number = 0;
        }
        case '!' -> sharp = true;
        case ' ', '|' -> {
          stroke.add((double) number);
          stroke.add(sharp ? 1.0 : 0.0);
          number = 0;
          sharp = false;
          if (c == '|') {
            out.add(stroke.stream().mapToDouble(Double::doubleValue).toArray());
            stroke.clear();
          }
        }
        default -> number = number * 10 + (c - '0');
      }
    }
    return out.toArray(new double[0][]);
  }
}
