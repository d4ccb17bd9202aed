package org.cajal.data;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.cajal.type.CajalException;

/**
 * Reads PNG, JPEG, BMP and GIF images (the first picture of a GIF) as bytes [C, H, W]. The size
 * that a file declares is checked before anything is decoded. Colours become grey by 0.299 R +
 * 0.587 G + 0.114 B (ITU-R BT.601); transparent pixels are laid over white; orientation marks of
 * cameras are passed over.
 *
 * <p>Resizing works on each axis by itself and does not keep the proportions: an axis that shrinks
 * is averaged over the exact area that each new pixel covers; one that grows is interpolated
 * linearly between pixel centres, the edge pixels repeated outwards. Results are rounded to the
 * nearest byte once, at the end.
 */
public final class Images {
  /** The largest declared size that is decoded, in pixels: 67,108,864. */
  public static final long MOST_PIXELS = 1L << 26;

  static {
    ImageIO.setUseCache(false);
  }

  private Images() {}

  /**
   * Declared properties of an image.
   *
   * @param width in pixels
   * @param height in pixels
   */
  public record Size(int width, int height) {}

  /** What is done with an open image reader whose declared size was checked. */
  private interface Job<T> {
    T run(ImageReader reader, Size size) throws IOException;
  }

  /**
   * The declared size of an image, without decoding it.
   *
   * @throws CajalException if the file is missing, no image, broken, or declares more than {@link
   *     #MOST_PIXELS}
   */
  public static Size size(Path path) {
    return open(path, (reader, size) -> size);
  }

  /**
   * Whether an image has no colours, decided by its pixels.
   *
   * @throws CajalException as {@link #read}
   */
  public static boolean isGrey(Path path) {
    return open(
        path,
        (reader, size) -> {
          float[][] planes = planes(decode(path, reader), 3);
          for (int i = 0; i < planes[0].length; i++) {
            if (planes[0][i] != planes[1][i] || planes[0][i] != planes[2][i]) {
              return false;
            }
          }
          return true;
        });
  }

  /**
   * An image as bytes [channels, height, width], resized where it has another size.
   *
   * @param channels 1 for grey, 3 for red, green and blue
   * @throws CajalException if the file is missing, no image, broken, or declares more than {@link
   *     #MOST_PIXELS}; if channels are not 1 or 3
   */
  public static byte[] read(Path path, int channels, int height, int width) {
    checkTarget(channels, height, width);
    return open(
        path,
        (reader, size) -> {
          BufferedImage image = decode(path, reader);
          float[][] planes = planes(image, channels);
          byte[] out = new byte[channels * height * width];
          for (int c = 0; c < channels; c++) {
            float[] resized = resize(planes[c], image.getHeight(), image.getWidth(), height, width);
            for (int i = 0; i < resized.length; i++) {
              out[c * height * width + i] = (byte) Math.round(resized[i]);
            }
          }
          return out;
        });
  }

  static void checkTarget(int channels, int height, int width) {
    if (channels != 1 && channels != 3) {
      throw new CajalException(
          "[images] " + channels + " channels; 1 (grey) or 3 (colour) are allowed");
    }
    if (height < 1 || width < 1 || height > 4096 || width > 4096) {
      throw new CajalException(
          "[images] size " + width + " × " + height + " is out of range; 1 to 4096 are allowed");
    }
  }

  private static <T> T open(Path path, Job<T> job) {
    Input.requireFile(path);
    try (ImageInputStream in = ImageIO.createImageInputStream(path.toFile())) {
      Iterator<ImageReader> readers =
          in == null ? Collections.emptyIterator() : ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new CajalException(path + ": not an image; PNG, JPEG, BMP and GIF are allowed");
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, true, true);
        Size size = new Size(reader.getWidth(0), reader.getHeight(0));
        if (size.width() < 1
            || size.height() < 1
            || (long) size.width() * size.height() > MOST_PIXELS) {
          throw new CajalException(
              path
                  + ": the image declares "
                  + size.width()
                  + " × "
                  + size.height()
                  + " pixels; at most "
                  + MOST_PIXELS
                  + " in all are allowed");
        }
        return job.run(reader, size);
      } catch (CajalException e) {
        throw e;
      } catch (IOException | RuntimeException e) {
        // Decoders of the JDK answer damaged files with exceptions of many kinds.
        throw new CajalException(path + ": broken image; save or copy it again", e);
      } finally {
        reader.dispose();
      }
    } catch (IOException e) {
      throw Input.failure(path, e);
    }
  }

  private static BufferedImage decode(Path path, ImageReader reader) throws IOException {
    BufferedImage image = reader.read(0);
    if ((long) image.getWidth() * image.getHeight() > MOST_PIXELS) {
      throw new CajalException(path + ": the image has more than " + MOST_PIXELS + " pixels");
    }
    return image;
  }

  /** One plane a channel, values 0 to 255. */
  private static float[][] planes(BufferedImage image, int channels) {
    int height = image.getHeight();
    int width = image.getWidth();
    boolean grey =
        image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY
            && !(image.getColorModel() instanceof IndexColorModel);
    float[][] planes = new float[channels][height * width];
    int[] row = new int[width];
    for (int y = 0; y < height; y++) {
      if (grey) {
        greyRow(image.getRaster(), y, planes, width);
        continue;
      }
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int x = 0; x < width; x++) {
        int alpha = row[x] >>> 24;
        float r = over((row[x] >> 16) & 0xff, alpha);
        float g = over((row[x] >> 8) & 0xff, alpha);
        float b = over(row[x] & 0xff, alpha);
        if (channels == 1) {
          planes[0][y * width + x] = r == g && g == b ? r : 0.299f * r + 0.587f * g + 0.114f * b;
        } else {
          planes[0][y * width + x] = r;
          planes[1][y * width + x] = g;
          planes[2][y * width + x] = b;
        }
      }
    }
    return planes;
  }

  /** Grey samples as they are stored: the JDK's conversion to RGB would brighten them. */
  private static void greyRow(Raster raster, int y, float[][] planes, int width) {
    float scale = 255f / ((1 << raster.getSampleModel().getSampleSize(0)) - 1);
    boolean alpha = raster.getNumBands() > 1;
    float alphaScale = alpha ? 255f / ((1 << raster.getSampleModel().getSampleSize(1)) - 1) : 1;
    for (int x = 0; x < width; x++) {
      float value = raster.getSample(x, y, 0) * scale;
      if (alpha) {
        value = over(value, raster.getSample(x, y, 1) * alphaScale);
      }
      for (float[] plane : planes) {
        plane[y * width + x] = value;
      }
    }
  }

  private static float over(float value, float alpha) {
    return alpha == 255 ? value : 255 + (value - 255) * (alpha / 255);
  }

  /** Resizes a plane of height × width as the class comment says. */
  static float[] resize(float[] plane, int height, int width, int newHeight, int newWidth) {
    float[] wide = plane;
    if (newWidth != width) {
      wide = new float[height * newWidth];
      float[][] weights = weights(width, newWidth);
      int[] starts = starts(width, newWidth);
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < newWidth; x++) {
          float sum = 0;
          for (int k = 0; k < weights[x].length; k++) {
            sum += weights[x][k] * plane[y * width + starts[x] + k];
          }
          wide[y * newWidth + x] = sum;
        }
      }
    }
    if (newHeight == height) {
      return wide;
    }
    float[] out = new float[newHeight * newWidth];
    float[][] weights = weights(height, newHeight);
    int[] starts = starts(height, newHeight);
    for (int y = 0; y < newHeight; y++) {
      for (int k = 0; k < weights[y].length; k++) {
        for (int x = 0; x < newWidth; x++) {
          out[y * newWidth + x] += weights[y][k] * wide[(starts[y] + k) * newWidth + x];
        }
      }
    }
    return out;
  }

  private static int[] starts(int from, int to) {
    int[] starts = new int[to];
    for (int i = 0; i < to; i++) {
      starts[i] =
          to < from
              ? (int) ((long) i * from / to)
              : Math.max(0, (int) Math.floor((i + 0.5) * from / to - 0.5));
    }
    return starts;
  }

  private static float[][] weights(int from, int to) {
    int[] starts = starts(from, to);
    float[][] weights = new float[to][];
    for (int i = 0; i < to; i++) {
      if (to < from) {
        double low = (double) i * from / to;
        double high = (double) (i + 1) * from / to;
        int end = (int) Math.min(from, Math.ceil(high - 1e-9));
        weights[i] = new float[end - starts[i]];
        for (int k = starts[i]; k < end; k++) {
          weights[i][k - starts[i]] =
              (float) ((Math.min(high, k + 1) - Math.max(low, k)) * to / from);
        }
      } else {
        double place = Math.max(0, (i + 0.5) * from / to - 0.5);
        float share = (float) (place - starts[i]);
        weights[i] = starts[i] + 1 < from ? new float[] {1 - share, share} : new float[] {1};
      }
    }
    return weights;
  }
}
