package org.cajal.data;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.cajal.type.CajalException;

/**
 * Reads PNG, JPEG, BMP and GIF images (the first picture of a GIF) as bytes [C, H, W]; TIFF and
 * WebP where a plug-in of ImageIO for them is on the class path. The kind is decided by the
 * content, not by the name. A file that is cut short or damaged is refused, and so is a declared
 * size beyond {@link #MOST_PIXELS}, or beyond what the heap can hold, before anything is decoded.
 *
 * <p>Values are sRGB: an embedded ICC profile is applied, inks (CMYK) become red, green and blue,
 * samples of 16 bits are scaled to 8. Colours become grey by 0.299 R + 0.587 G + 0.114 B (ITU-R
 * BT.601); transparent pixels are laid over white; the camera's orientation mark (Exif) is applied.
 *
 * <p>Resizing keeps the proportions: the image is scaled until it covers the wanted size and cut at
 * the centre. An axis that shrinks is averaged over the exact area that each new pixel covers; one
 * that grows is interpolated linearly between pixel centres, the edge pixels repeated outwards.
 * Results are rounded to the nearest byte once, at the end.
 */
public final class Images {
  /** The largest declared size that is decoded, in pixels: 67,108,864. */
  public static final long MOST_PIXELS = 1L << 26;

  /** The longest side that is decoded, in pixels: rows are decoded whole. */
  static final int MOST_SIDE = 65_535;

  /** The share of the heap that the pixels of an image may ask for, as bytes of heap to a pixel. */
  private static final long HEAP_BYTES = 16;

  /** The first so many bytes mostly hold all that stands before the pixels. */
  private static final int START = 1 << 13;

  private static final int GROWTH = 16;
  private static final long MOST_BYTES = 1L << 30;

  static {
    ImageIO.setUseCache(false);
  }

  private Images() {}

  /**
   * Declared properties of an image.
   *
   * @param width in pixels, of the upright picture
   * @param height in pixels, of the upright picture
   */
  public record Size(int width, int height) {}

  /** What is done with a file. */
  private interface Job<T> {
    T run() throws IOException, BrokenImage;
  }

  /**
   * The declared size of an image, without decoding it.
   *
   * @throws CajalException if the file is missing, no image, broken before its pixels, or declares
   *     more than {@link #MOST_PIXELS}
   */
  public static Size size(Path path) {
    ImageHeader header = named(path, () -> header(path));
    return new Size(header.width(), header.height());
  }

  /**
   * Whether an image has no colours, decided by its pixels.
   *
   * @throws CajalException as {@link #read}
   */
  public static boolean isGrey(Path path) {
    return !named(path, () -> decode(path, 1, 1, 1)).hasColour();
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
    return named(path, () -> decode(path, channels, height, width)).bytes();
  }

  /**
   * A picture in memory as bytes [channels, height, width], by the same rules.
   *
   * @throws CajalException if channels are not 1 or 3
   */
  public static byte[] read(BufferedImage image, int channels, int height, int width) {
    checkTarget(channels, height, width);
    ImageHeader header =
        new ImageHeader(ImageKind.UNKNOWN, image.getWidth(), image.getHeight(), true, 1);
    ImageCanvas canvas = new ImageCanvas(header, channels, height, width);
    PluginFile.draw(image, canvas);
    return canvas.bytes();
  }

  /** The largest declared size that is decoded here: less than the limit on a small heap. */
  static long mostPixels() {
    return Math.min(MOST_PIXELS, Runtime.getRuntime().maxMemory() / HEAP_BYTES);
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

  private static <T> T named(Path path, Job<T> job) {
    Input.requireFile(path);
    try {
      return job.run();
    } catch (BrokenImage e) {
      throw e.of(path);
    } catch (IOException e) {
      throw Input.failure(path, e);
    }
  }

  /** Whether a file is an image by its content, of a kind that is read or not. */
  public static boolean isImage(Path path) {
    try {
      return kind(path).isImage();
    } catch (IOException | BrokenImage e) {
      return false;
    }
  }

  /** The kind of a file by its first bytes. */
  static ImageKind kind(Path path) throws IOException, BrokenImage {
    return kind(start(path, ImageKind.START));
  }

  private static ImageKind kind(byte[] start) throws BrokenImage {
    if (start.length == 0) {
      throw BrokenImage.empty();
    }
    return ImageKind.of(start);
  }

  /** What a file says before its pixels, reading no more of it than needed. */
  static ImageHeader header(Path path) throws IOException, BrokenImage {
    for (int most = START; ; most = (int) Math.min(MOST_BYTES, (long) most * GROWTH)) {
      byte[] start = start(path, most);
      ImageKind kind = kind(start);
      boolean whole = start.length < most || !kind.isBuiltIn();
      try {
        byte[] bytes = kind.isBuiltIn() ? start : all(path, kind);
        return header(new ImageBytes(kind, bytes), kind);
      } catch (BrokenImage e) {
        if (whole || most == MOST_BYTES) {
          throw e;
        }
      }
    }
  }

  private static ImageHeader header(ImageBytes bytes, ImageKind kind)
      throws IOException, BrokenImage {
    return guarded(
            kind,
            () ->
                switch (kind) {
                  case PNG -> PngFile.header(bytes);
                  case JPEG -> JpegFile.header(bytes);
                  case GIF -> GifFile.header(bytes);
                  case BMP -> BmpFile.header(bytes);
                  case TIFF, WEBP -> PluginFile.header(bytes, kind);
                  default -> throw kind.refusal();
                })
        .checked();
  }

  /** The picture of a file on a canvas. */
  static ImageCanvas decode(Path path, int channels, int height, int width)
      throws IOException, BrokenImage {
    ImageKind kind = kind(path);
    if (!kind.isImage()) {
      throw kind.refusal();
    }
    ImageBytes bytes = new ImageBytes(kind, all(path, kind));
    ImageHeader header = header(bytes, kind);
    return guarded(
        kind,
        () -> {
          ImageCanvas canvas = new ImageCanvas(header, channels, height, width);
          switch (kind) {
            case PNG -> PngFile.decode(bytes, header, canvas);
            case JPEG -> JpegFile.decode(bytes, header, canvas);
            case GIF -> GifFile.decode(bytes, header, canvas);
            case BMP -> BmpFile.decode(bytes, canvas);
            default -> PluginFile.decode(bytes, header, canvas);
          }
          return canvas;
        });
  }

  /** Decoders answer damaged files with exceptions of many kinds. */
  private static <T> T guarded(ImageKind kind, Job<T> job) throws BrokenImage {
    try {
      return job.run();
    } catch (IOException | RuntimeException e) {
      BrokenImage broken = BrokenImage.damaged(kind);
      broken.initCause(e);
      throw broken;
    } catch (OutOfMemoryError e) {
      BrokenImage large =
          new BrokenImage("the image is too large for Java's memory", "give more by -Xmx");
      large.initCause(e);
      throw large;
    }
  }

  private static byte[] start(Path path, int most) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return in.readNBytes(most);
    }
  }

  private static byte[] all(Path path, ImageKind kind) throws IOException, BrokenImage {
    if (!kind.isImage()) {
      throw kind.refusal();
    }
    long size = Files.size(path);
    if (size > MOST_BYTES) {
      throw new BrokenImage(
          "the file has " + size + " bytes", "at most " + MOST_BYTES + " are allowed");
    }
    return Files.readAllBytes(path);
  }
}
