package org.cajal.data;

/**
 * Takes the rows of a picture in any order, each once, and makes bytes [channels, height, width] of
 * them: scaled to cover the target, cut at the centre, turned upright, laid over white. Only the
 * target is held in memory.
 *
 * <p>Scaling works on each axis: one that shrinks is averaged over the exact area that each new
 * pixel covers, one that grows is interpolated linearly between pixel centres, the edge pixels
 * repeated outwards. Values are rounded to the nearest byte once, at the end.
 */
final class ImageCanvas {
  private final int channels;
  private final int height;
  private final int width;
  private final int orientation;
  private final Axis across;
  private final Axis down;
  private final float[][] planes;
  private final float[] grey;
  private boolean hasColour;

  /**
   * A canvas.
   *
   * @param header of the picture to come
   * @param channels 1 for grey, 3 for colour
   * @param height of the upright result
   * @param width of the upright result
   */
  ImageCanvas(ImageHeader header, int channels, int height, int width) {
    this.channels = channels;
    this.orientation = header.orientation();
    boolean turned = orientation >= 5;
    this.height = turned ? width : height;
    this.width = turned ? height : width;
    // The stored picture is larger than the target by this factor, on the axis that fits tightly.
    double factor =
        Math.min(
            (double) header.storedWidth() / this.width,
            (double) header.storedHeight() / this.height);
    this.across = new Axis(header.storedWidth(), this.width, factor);
    this.down = new Axis(header.storedHeight(), this.height, factor);
    this.planes = new float[channels][this.height * this.width];
    this.grey = new float[header.storedWidth()];
  }

  /** Whether some pixel of the rows so far had a colour. */
  boolean hasColour() {
    return hasColour;
  }

  /** Transparency laid over white. */
  static float over(float value, float alpha) {
    return alpha == 255 ? value : 255 + (value - 255) * (alpha / 255);
  }

  /** A row without colours, values 0 to 255. */
  void row(int y, float[] values) {
    for (float[] plane : planes) {
      add(y, values, plane);
    }
  }

  /** A row of red, green and blue, values 0 to 255. */
  void row(int y, float[] red, float[] green, float[] blue) {
    int n = grey.length;
    if (!hasColour) {
      int x = 0;
      while (x < n && red[x] == green[x] && red[x] == blue[x]) {
        x++;
      }
      hasColour = x < n;
    }
    if (channels == 3) {
      add(y, red, planes[0]);
      add(y, green, planes[1]);
      add(y, blue, planes[2]);
      return;
    }
    for (int x = 0; x < n; x++) {
      grey[x] =
          red[x] == green[x] && red[x] == blue[x]
              ? red[x]
              : 0.299f * red[x] + 0.587f * green[x] + 0.114f * blue[x];
    }
    add(y, grey, planes[0]);
  }

  private void add(int y, float[] row, float[] plane) {
    if (down.last[y] < down.first[y]) {
      return; // cut off
    }
    float[] wide = across.isIdentity ? row : across.resized(row);
    for (int t = down.first[y]; t <= down.last[y]; t++) {
      float weight = down.weights[t][y - down.starts[t]];
      int start = t * width;
      for (int x = 0; x < width; x++) {
        plane[start + x] += weight * wide[x];
      }
    }
  }

  /** The picture, [channels, height, width] as wanted, row-major. */
  byte[] bytes() {
    boolean turned = orientation >= 5;
    int h = turned ? width : height;
    int w = turned ? height : width;
    byte[] out = new byte[channels * h * w];
    for (int c = 0; c < channels; c++) {
      for (int y = 0; y < h; y++) {
        for (int x = 0; x < w; x++) {
          int from =
              switch (orientation) {
                case 2 -> y * width + (width - 1 - x);
                case 3 -> (height - 1 - y) * width + (width - 1 - x);
                case 4 -> (height - 1 - y) * width + x;
                case 5 -> x * width + y;
                case 6 -> (height - 1 - x) * width + y;
                case 7 -> (height - 1 - x) * width + (width - 1 - y);
                case 8 -> x * width + (width - 1 - y);
                default -> y * width + x;
              };
          out[(c * h + y) * w + x] = (byte) Math.clamp(Math.round(planes[c][from]), 0, 255);
        }
      }
    }
    return out;
  }

  /** How the pixels of one axis become others: {@code weights[i]} from {@code starts[i]} on. */
  private static final class Axis {
    final boolean isIdentity;
    final int[] starts;
    final float[][] weights;

    /** The new pixels that an old one takes part in, by old pixel; none where last < first. */
    final int[] first;

    final int[] last;

    /**
     * An axis.
     *
     * @param factor old pixels a new one; the middle {@code to * factor} of the old ones are used
     */
    Axis(int from, int to, double factor) {
      double length = Math.min(from, to * factor);
      // Pixels that keep their size keep their values.
      double offset = factor == 1 ? Math.floorDiv(from - to, 2) : (from - length) / 2;
      isIdentity = from == to && factor == 1;
      starts = new int[to];
      weights = new float[to][];
      first = new int[from];
      last = new int[from];
      java.util.Arrays.fill(first, Integer.MAX_VALUE);
      java.util.Arrays.fill(last, -1);
      for (int i = 0; i < to; i++) {
        if (factor > 1) {
          shrink(i, from, offset + i * length / to, offset + (i + 1) * length / to);
        } else {
          grow(i, from, offset + (i + 0.5) * length / to - 0.5);
        }
        for (int k = 0; k < weights[i].length; k++) {
          first[starts[i] + k] = Math.min(first[starts[i] + k], i);
          last[starts[i] + k] = i;
        }
      }
    }

    private void shrink(int i, int from, double low, double high) {
      int start = Math.clamp((int) Math.floor(low + 1e-9), 0, from - 1);
      int end = Math.clamp((int) Math.ceil(high - 1e-9), start + 1, from);
      starts[i] = start;
      weights[i] = new float[end - start];
      for (int k = start; k < end; k++) {
        weights[i][k - start] = (float) ((Math.min(high, k + 1) - Math.max(low, k)) / (high - low));
      }
    }

    private void grow(int i, int from, double wanted) {
      double place = Math.clamp(wanted, 0, from - 1);
      int start = (int) place;
      float share = (float) (place - start);
      starts[i] = start;
      weights[i] = share > 0 ? new float[] {1 - share, share} : new float[] {1};
    }

    float[] resized(float[] row) {
      float[] out = new float[starts.length];
      for (int x = 0; x < out.length; x++) {
        float sum = 0;
        for (int k = 0; k < weights[x].length; k++) {
          sum += weights[x][k] * row[starts[x] + k];
        }
        out[x] = sum;
      }
      return out;
    }
  }
}
