package org.cajal.model;

import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.cajal.data.ImageScaling;
import org.cajal.type.CajalException;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;

/**
 * Images as inputs of a network [C, H, W]: with one channel the grey value 0.299 R + 0.587 G + 0.114 B, with three R, G and B, from
 * 0 to 1; transparent parts stand before white; then {@link ImageScaling}. Resized each axis on its own: along an axis that shrinks
 * a pixel is the mean over the stretch of the image that it covers, along one that grows it is linear between the pixels' centres.
 */
final class Pictures {
  private static final long MOST_PIXELS = 1L << 26;

  private Pictures() {}

  static BufferedImage read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new CajalException(file + ": " + (Files.exists(file) ? "is a folder; an image is expected" : "no such file; check the path"));
    }
    ImageIO.setUseCache(false);
    try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
      Iterator<ImageReader> readers = in == null ? null : ImageIO.getImageReaders(in);
      if (readers == null || !readers.hasNext()) {
        throw new CajalException(file + ": no image; PNG, JPEG, BMP and GIF are read");
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, true, true);
        Dimension size = new Dimension(reader.getWidth(0), reader.getHeight(0));
        if ((long) size.width * size.height > MOST_PIXELS) {
          throw new CajalException(
              file + ": declares " + size.width + " × " + size.height + " pixels; at most " + MOST_PIXELS + " are allowed");
        }
        return reader.read(0);
      } finally {
        reader.dispose();
      }
    } catch (IOException | RuntimeException e) {
      if (e instanceof CajalException c) {
        throw c;
      }
      throw new CajalException(file + ": a broken image; save it again", e);
    }
  }

  static NDArray input(BufferedImage image, ModelSpec spec) {
    Shape shape = spec.inputShape();
    if (shape.rank() != 3 || (shape.dim(0) != 1 && shape.dim(0) != 3)) {
      throw new CajalException("[predict] this model takes " + shape + ", not images; images are [1 or 3, height, width]");
    }
    int channels = shape.dim(0);
    int height = shape.dim(1);
    int width = shape.dim(2);
    double[][] planes = planes(image, channels);
    NDArray out = NDArray.zeros(spec.inputDtype(), Shape.of(1).concat(shape));
    for (int c = 0; c < channels; c++) {
      double[] wide = resized(planes[c], image.getHeight(), image.getWidth(), 1, width);
      double[] small = resized(wide, 1, image.getHeight(), width, height);
      double mean = spec.scaling().isPresent() ? spec.scaling().get().mean().get(c) : 0;
      double deviation = spec.scaling().isPresent() ? spec.scaling().get().deviation().get(c) : 1;
      for (int i = 0; i < small.length; i++) {
        out.set((long) c * height * width + i, (small[i] - mean) / deviation);
      }
    }
    return out;
  }

  private static double[][] planes(BufferedImage image, int channels) {
    int w = image.getWidth();
    int h = image.getHeight();
    double[][] out = new double[channels][w * h];
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        int argb = image.getRGB(x, y);
        double alpha = (argb >>> 24) / 255.0;
        double r = over((argb >> 16 & 0xff) / 255.0, alpha);
        double g = over((argb >> 8 & 0xff) / 255.0, alpha);
        double b = over((argb & 0xff) / 255.0, alpha);
        if (channels == 1) {
          out[0][y * w + x] = 0.299 * r + 0.587 * g + 0.114 * b;
        } else {
          out[0][y * w + x] = r;
          out[1][y * w + x] = g;
          out[2][y * w + x] = b;
        }
      }
    }
    return out;
  }

  private static double over(double colour, double alpha) {
    return colour * alpha + 1 - alpha;
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
