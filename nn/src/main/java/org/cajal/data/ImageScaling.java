package org.cajal.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cajal.type.CajalException;
import org.cajal.type.NDArray;

/**
 * Mean and standard deviation of each colour channel over the training images, pixels from 0 to 1:
 * images are read as {@code (pixel - mean) / deviation}. Plain data, saved in a model.
 *
 * @param mean one a channel
 * @param deviation one a channel, larger than 0
 */
public record ImageScaling(List<Double> mean, List<Double> deviation) {
  /**
   * A scaling.
   *
   * @throws CajalException if the lists differ in length, are empty, or a number is not finite or a
   *     deviation not positive
   */
  public ImageScaling {
    mean = List.copyOf(mean);
    deviation = List.copyOf(deviation);
    if (mean.isEmpty() || mean.size() != deviation.size()) {
      throw new CajalException(
          "[images] "
              + mean.size()
              + " means and "
              + deviation.size()
              + " deviations; one of each a channel is needed");
    }
    for (int c = 0; c < mean.size(); c++) {
      if (!Double.isFinite(mean.get(c))
          || !Double.isFinite(deviation.get(c))
          || deviation.get(c) <= 0) {
        throw new CajalException(
            "[images] mean "
                + mean.get(c)
                + " and deviation "
                + deviation.get(c)
                + " of channel "
                + c
                + "; a finite mean and a positive deviation are needed");
      }
    }
  }

  /**
   * The exact statistics of the given images; the deviation of a channel without any variation is
   * taken as 1.
   */
  public static ImageScaling fit(ByteRows images, int[] rows) {
    int channels = images.shape().dim(0);
    int plane = Math.toIntExact(images.shape().size() / channels);
    List<Double> mean = new ArrayList<>();
    List<Double> deviation = new ArrayList<>();
    long[][] counts = new long[channels][256];
    for (int row : rows) {
      byte[] raw = images.raw(row);
      for (int i = 0; i < raw.length; i++) {
        counts[i / plane][raw[i] & 0xff]++;
      }
    }
    double n = Math.max(1, (double) rows.length * plane);
    for (long[] histogram : counts) {
      double sum = 0;
      double squares = 0;
      for (int v = 0; v < 256; v++) {
        sum += (double) histogram[v] * v;
        squares += (double) histogram[v] * v * v;
      }
      double m = sum / n;
      double variance = squares / n - m * m;
      mean.add(m / 255);
      deviation.add(variance > 1e-9 ? Math.sqrt(variance) / 255 : 1.0);
    }
    return new ImageScaling(mean, deviation);
  }

  /** The statistics of the given images [C, H, W] of numbers, in their own units. */
  static ImageScaling fit(FloatRows images, int[] rows) {
    int channels = images.shape().dim(0);
    int plane = Math.toIntExact(images.shape().size() / channels);
    NDArray values = images.values();
    List<Double> mean = new ArrayList<>();
    List<Double> deviation = new ArrayList<>();
    double n = Math.max(1, (double) rows.length * plane);
    for (int c = 0; c < channels; c++) {
      double sum = 0;
      for (int row : rows) {
        long start = ((long) row * channels + c) * plane;
        for (int i = 0; i < plane; i++) {
          sum += values.get(start + i);
        }
      }
      double m = sum / n;
      double squares = 0;
      for (int row : rows) {
        long start = ((long) row * channels + c) * plane;
        for (int i = 0; i < plane; i++) {
          double d = values.get(start + i) - m;
          squares += d * d;
        }
      }
      mean.add(m);
      deviation.add(squares > 0 ? Math.sqrt(squares / n) : 1.0);
    }
    return new ImageScaling(mean, deviation);
  }

  /** The number of colour channels. */
  public int channels() {
    return mean.size();
  }

  /** As plain data for JSON: {@code {"mean": [...], "deviation": [...]}}. */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("mean", mean);
    map.put("deviation", deviation);
    return map;
  }

  /**
   * From plain data.
   *
   * @throws CajalException if an entry is missing or of another kind
   */
  public static ImageScaling fromMap(Map<String, ?> map) {
    PlainData data = new PlainData("image scaling", map);
    return new ImageScaling(data.numbers("mean"), data.numbers("deviation"));
  }
}
