package org.cajal.model;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.nio.file.Path;
import org.cajal.data.ImageScaling;
import org.cajal.data.Images;
import org.cajal.type.CajalException;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;

/**
 * Images as inputs of a network [C, H, W], by the rules of {@link Images} for grey, transparency
 * and size, as numbers from 0 to 1 and then by the model's {@link ImageScaling}.
 */
final class Pictures {
  private Pictures() {}

  static NDArray input(Path file, ModelSpec spec) {
    Shape shape = shape(spec);
    byte[] bytes = Images.read(file, shape.dim(0), shape.dim(1), shape.dim(2));
    double[] values = new double[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      values[i] = bytes[i] & 0xff;
    }
    return scaled(values, spec);
  }

  static NDArray input(BufferedImage image, ModelSpec spec) {
    Shape shape = shape(spec);
    int height = shape.dim(1);
    int width = shape.dim(2);
    double[] values = new double[(int) shape.size()];
    double[][] planes = planes(image, shape.dim(0));
    for (int c = 0; c < planes.length; c++) {
      double[] wide = resized(planes[c], image.getHeight(), image.getWidth(), 1, width);
      double[] small = resized(wide, 1, image.getHeight(), width, height);
      for (int i = 0; i < small.length; i++) {
        values[c * height * width + i] = Math.round(small[i]);
      }
    }
    return scaled(values, spec);
  }

  private static Shape shape(ModelSpec spec) {
    Shape shape = spec.inputShape();
    if (shape.rank() != 3 || (shape.dim(0) != 1 && shape.dim(0) != 3)) {
      throw new CajalException(
          "[predict] this model takes "
              + shape
              + ", not images; images are [1 or 3, height, width]");
    }
    return shape;
  }

  /** Bytes as a data set of images reads them. */
  private static NDArray scaled(double[] values, ModelSpec spec) {
    Shape shape = spec.inputShape();
    int plane = shape.dim(1) * shape.dim(2);
    NDArray out = NDArray.zeros(spec.inputDtype(), Shape.of(1).concat(shape));
    for (int i = 0; i < values.length; i++) {
      double mean = spec.scaling().isPresent() ? spec.scaling().get().mean().get(i / plane) : 0;
      double deviation =
          spec.scaling().isPresent() ? spec.scaling().get().deviation().get(i / plane) : 1;
      float scale = (float) (1 / (255 * deviation));
      float offset = (float) (-mean / deviation);
      out.set(i, (float) values[i] * scale + offset);
    }
    return out;
  }

  private static double[][] planes(BufferedImage image, int channels) {
    int w = image.getWidth();
    int h = image.getHeight();
    // The JDK's conversion of grey samples to RGB would brighten them.
    boolean grey =
        image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY
            && !(image.getColorModel() instanceof IndexColorModel)
            && !image.getColorModel().hasAlpha();
    double unit = grey ? 255.0 / ((1 << image.getSampleModel().getSampleSize(0)) - 1) : 1;
    double[][] out = new double[channels][w * h];
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        double r =
            grey ? image.getRaster().getSample(x, y, 0) * unit : colour(image.getRGB(x, y), 16);
        double g = grey ? r : colour(image.getRGB(x, y), 8);
        double b = grey ? r : colour(image.getRGB(x, y), 0);
        double[] rgb = {r, g, b};
        for (int c = 0; c < channels; c++) {
          out[c][y * w + x] =
              channels == 3 ? rgb[c] : r == g && g == b ? r : 0.299 * r + 0.587 * g + 0.114 * b;
        }
      }
    }
    return out;
  }

  /** One colour of a pixel before white. */
  private static double colour(int argb, int shift) {
    return 255 + ((argb >> shift & 0xff) - 255) * ((argb >>> 24) / 255.0);
  }

  /** Values [outer, from, inner] along their middle axis to [outer, to, inner]. */
  private static double[] resized(double[] in, int outer, int from, int inner, int to) {
    double[] out = new double[outer * to * inner];
    double step = (double) from / to;
    for (int j = 0; j < to; j++) {
      double low = from > to ? j * step : (j + 0.5) * step - 0.5;
      double high = from > to ? (j + 1) * step : low + 1;
      for (int i = (int) Math.floor(low); i < high; i++) {
        double share =
            from > to
                ? (Math.min(high, i + 1) - Math.max(low, i)) / step
                : i == (int) Math.floor(low) ? 1 - (low - i) : low - (i - 1);
        int source = Math.clamp(i, 0, from - 1);
        for (int a = 0; share > 0 && a < outer; a++) {
          for (int b = 0; b < inner; b++) {
            out[(a * to + j) * inner + b] += share * in[(a * from + source) * inner + b];
          }
        }
      }
    }
    return out;
  }
}
