package org.cajal.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.cajal.type.CajalException;
import org.cajal.type.CounterRandom;
import org.jspecify.annotations.Nullable;

/**
 * Looks for test images that show the same picture as a training image without having the same
 * bytes: saved again, resized, a little brighter. Candidates come from a hash of the picture's
 * coarse structure (signs of random projections of 8 × 8 means, in several tables: Charikar,
 * "Similarity estimation techniques from rounding algorithms", 2002), so that the effort grows with
 * the number of images and not with that of pairs; a candidate counts if its pixels correlate and
 * no part of the picture differs.
 */
public final class NearDuplicates {
  /** The least correlation of the pixels of two images that count as the same picture. */
  public static final double LEAST_CORRELATION = 0.995;

  /** The same for images of less than {@value #SMALL} × {@value #SMALL}: digits are much alike. */
  public static final double LEAST_CORRELATION_SMALL = 0.999;

  private static final int SMALL = 32;
  private static final int GRID = 8;
  private static final int CELLS = GRID * GRID;
  private static final int TABLES = 6;
  private static final int BITS = 20;
  private static final int MOST_CANDIDATES = 64;

  /** A cell of the grid may differ by this much of 255, once brightness and contrast are equal. */
  private static final double MOST_CELL_DIFFERENCE = 10;

  /** Images whose deviation is less than so much of 255 show nothing. */
  private static final double LEAST_DEVIATION = 2;

  private NearDuplicates() {}

  /**
   * A test image and the training image that it shows.
   *
   * @param test its row
   * @param train its row
   */
  public record Pair(int test, int train) {}

  /**
   * The test images that show a training image, each with one; none for data that are no images.
   *
   * @throws CajalException if the images differ in shape
   */
  public static List<Pair> between(Dataset train, Dataset test) {
    if (!train.isImages()
        || !test.isImages()
        || train.size() == 0
        || train.featureShape().rank() != 3) {
      return List.of();
    }
    if (!train.featureShape().equals(test.featureShape())) {
      throw new CajalException(
          "[near duplicates] training images are "
              + train.featureShape()
              + ", test images "
              + test.featureShape()
              + "; they must be alike");
    }
    float[][] known = means(train);
    float[] middle = new float[CELLS];
    for (float[] means : known) {
      for (int i = 0; i < CELLS; i++) {
        middle[i] += means[i] / known.length;
      }
    }
    float[][] planes = planes();
    long[][] tables = new long[TABLES][known.length];
    int[][] codes = codes(known, middle, planes);
    for (int t = 0; t < TABLES; t++) {
      for (int i = 0; i < known.length; i++) {
        tables[t][i] = (long) codes[i][t] << 32 | i;
      }
      Arrays.sort(tables[t]);
    }
    float[][] asked = means(test);
    int[][] askedCodes = codes(asked, middle, planes);
    @Nullable Pair[] found = new Pair[asked.length];
    IntStream.range(0, asked.length)
        .parallel()
        .forEach(i -> found[i] = pair(train, test, i, known, asked[i], tables, askedCodes[i]));
    List<Pair> out = new ArrayList<>();
    for (Pair pair : found) {
      if (pair != null) {
        out.add(pair);
      }
    }
    return out;
  }

  private static @Nullable Pair pair(
      Dataset train,
      Dataset test,
      int row,
      float[][] known,
      float[] means,
      long[][] tables,
      int[] codes) {
    double least = least(train);
    byte[] pixels = null;
    for (int t = 0; t < TABLES; t++) {
      int at = Arrays.binarySearch(tables[t], (long) codes[t] << 32);
      at = at < 0 ? -at - 1 : at;
      int end = Math.min(tables[t].length, at + MOST_CANDIDATES);
      for (; at < end && tables[t][at] >> 32 == codes[t]; at++) {
        int candidate = (int) tables[t][at];
        if (correlation(means, known[candidate]) < least - 0.01) {
          continue;
        }
        pixels = pixels == null ? test.pixels(row) : pixels;
        if (isSame(pixels, train.pixels(candidate), means, known[candidate], least)) {
          return new Pair(row, candidate);
        }
      }
    }
    return null;
  }

  private static double least(Dataset data) {
    boolean small = Math.min(data.featureShape().dim(1), data.featureShape().dim(2)) < SMALL;
    return small ? LEAST_CORRELATION_SMALL : LEAST_CORRELATION;
  }

  private static boolean isSame(byte[] a, byte[] b, float[] meansA, float[] meansB, double least) {
    if (Arrays.equals(a, b)) {
      return false; // found and counted by the leak of rows
    }
    double n = a.length;
    double sumA = 0;
    double sumB = 0;
    double squaresA = 0;
    double squaresB = 0;
    double products = 0;
    for (int i = 0; i < a.length; i++) {
      int x = a[i] & 0xff;
      int y = b[i] & 0xff;
      sumA += x;
      sumB += y;
      squaresA += x * x;
      squaresB += y * y;
      products += x * y;
    }
    double varianceA = squaresA / n - sumA / n * (sumA / n);
    double varianceB = squaresB / n - sumB / n * (sumB / n);
    double both = products / n - sumA / n * (sumB / n);
    if (Math.min(varianceA, varianceB) < LEAST_DEVIATION * LEAST_DEVIATION
        || both < least * Math.sqrt(varianceA * varianceB)) {
      return false;
    }
    double gain = both / varianceA;
    double offset = sumB / n - gain * sumA / n;
    for (int i = 0; i < CELLS; i++) {
      if (Math.abs(gain * meansA[i] + offset - meansB[i]) > MOST_CELL_DIFFERENCE) {
        return false;
      }
    }
    return true;
  }

  private static double correlation(float[] a, float[] b) {
    double meanA = 0;
    double meanB = 0;
    for (int i = 0; i < CELLS; i++) {
      meanA += a[i] / CELLS;
      meanB += b[i] / CELLS;
    }
    double aa = 0;
    double bb = 0;
    double ab = 0;
    for (int i = 0; i < CELLS; i++) {
      double x = a[i] - meanA;
      double y = b[i] - meanB;
      aa += x * x;
      bb += y * y;
      ab += x * y;
    }
    return ab / Math.sqrt(aa * bb + 1e-12);
  }

  /** The means of 8 × 8 cells of each image, over all channels. */
  private static float[][] means(Dataset data) {
    int height = data.featureShape().dim(1);
    int width = data.featureShape().dim(2);
    float[][] out = new float[data.size()][];
    IntStream.range(0, out.length)
        .parallel()
        .forEach(
            row -> {
              byte[] pixels = data.pixels(row);
              float[] means = new float[CELLS];
              int[] counts = new int[CELLS];
              for (int i = 0; i < pixels.length; i++) {
                int y = i / width % height;
                int cell = y * GRID / height * GRID + i % width * GRID / width;
                means[cell] += pixels[i] & 0xff;
                counts[cell]++;
              }
              for (int i = 0; i < CELLS; i++) {
                means[i] /= Math.max(1, counts[i]); // images narrower than the grid leave cells
              }
              out[row] = means;
            });
    return out;
  }

  private static float[][] planes() {
    long key = CounterRandom.key(0, "near duplicates");
    float[][] planes = new float[TABLES * BITS][CELLS];
    for (int p = 0; p < planes.length; p++) {
      for (int i = 0; i < CELLS; i++) {
        planes[p][i] = (float) CounterRandom.normal(key, (long) p * CELLS + i);
      }
    }
    return planes;
  }

  private static int[][] codes(float[][] means, float[] middle, float[][] planes) {
    int[][] codes = new int[means.length][TABLES];
    IntStream.range(0, means.length)
        .parallel()
        .forEach(
            row -> {
              float[] centred = new float[CELLS];
              for (int i = 0; i < CELLS; i++) {
                centred[i] = means[row][i] - middle[i];
              }
              for (int p = 0; p < planes.length; p++) {
                float sum = 0;
                for (int i = 0; i < CELLS; i++) {
                  sum += planes[p][i] * centred[i];
                }
                codes[row][p / BITS] = codes[row][p / BITS] << 1 | (sum > 0 ? 1 : 0);
              }
            });
    return codes;
  }
}
