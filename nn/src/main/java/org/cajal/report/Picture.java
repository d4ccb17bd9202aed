package org.cajal.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.cajal.type.CajalException;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;

/** Pixels as a PNG in a {@code data:} address. */
final class Picture {
  private static final int LARGEST = 256;

  private Picture() {}

  /**
   * The address of an image.
   *
   * @param pixels [height, width] or [channels, height, width] with 1 or 3 channels, see {@link
   *     TrainingReport.Mistake}; sides beyond {@value #LARGEST} are thinned to every n-th pixel
   * @throws CajalException if the shape is another
   */
  static String dataUri(NDArray pixels) {
    Shape shape = pixels.shape();
    boolean planes = shape.rank() == 3;
    int channels = planes ? shape.dim(0) : 1;
    if ((shape.rank() != 2 && !planes) || (channels != 1 && channels != 3) || shape.size() == 0) {
      throw new CajalException(
          "[report] an image has shape [height, width] or [1 or 3, height, width], found " + shape);
    }
    int height = shape.dim(-2);
    int width = shape.dim(-1);
    int step = (Math.max(height, width) + LARGEST - 1) / LARGEST;
    double[] range = range(pixels);
    int type = channels == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB;
    BufferedImage image =
        new BufferedImage((width + step - 1) / step, (height + step - 1) / step, type);
    for (int y = 0; y < height; y += step) {
      for (int x = 0; x < width; x += step) {
        for (int c = 0; c < channels; c++) {
          double v = pixels.get(((long) c * height + y) * width + x);
          double share = (v - range[0]) / (range[1] - range[0]);
          image
              .getRaster()
              .setSample(x / step, y / step, c, Math.clamp(Math.round(255 * share), 0, 255));
        }
      }
    }
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(png(image));
  }

  /**
   * What is black and what is white: 0 and 1 or 255 where all values lie between, else the least
   * and the greatest.
   */
  private static double[] range(NDArray pixels) {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (long i = 0; i < pixels.size(); i++) {
      double v = pixels.get(i);
      if (Double.isFinite(v)) {
        least = Math.min(least, v);
        most = Math.max(most, v);
      }
    }
    if (least > most) {
      return new double[] {0, 1};
    } else if (least >= 0 && most <= 255) {
      return new double[] {0, most <= 1 ? 1 : 255};
    }
    return new double[] {least, most > least ? most : least + 1};
  }

  private static byte[] png(BufferedImage image) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      if (!ImageIO.write(image, "png", out)) {
        throw new IllegalStateException("every Java platform writes PNG");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
