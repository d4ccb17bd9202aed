package org.cajal.data;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Reads TIFF and WebP by a plug-in of ImageIO that the user has put on the class path. The JDK's
 * own TIFF reader is not asked: it reads damaged and unusual files to wrong values.
 */
final class PluginFile {
  private PluginFile() {}

  static ImageHeader header(ImageBytes bytes, ImageKind kind) throws BrokenImage, IOException {
    return reading(
        bytes,
        kind,
        reader ->
            new ImageHeader(
                kind, reader.getWidth(0), reader.getHeight(0), true, orientation(bytes, kind)));
  }

  static void decode(ImageBytes bytes, ImageHeader header, ImageCanvas canvas)
      throws BrokenImage, IOException {
    BufferedImage image =
        reading(
            bytes,
            header.kind(),
            reader -> {
              AtomicBoolean complaint = new AtomicBoolean();
              reader.addIIOReadWarningListener((source, text) -> complaint.set(true));
              BufferedImage read = reader.read(0);
              if (complaint.get()
                  || read.getWidth() != header.storedWidth()
                  || read.getHeight() != header.storedHeight()) {
                throw BrokenImage.damaged(header.kind());
              }
              return read;
            });
    if (image.getRaster().getTransferType() != DataBuffer.TYPE_BYTE
        && image.getRaster().getTransferType() != DataBuffer.TYPE_USHORT
        && !(image.getRaster().getTransferType() == DataBuffer.TYPE_INT
            && image.getSampleModel().getSampleSize(0) <= 8)) {
      throw BrokenImage.notRead(
          header.kind().title()
              + " of "
              + image.getSampleModel().getSampleSize(0)
              + " bits a sample");
    }
    draw(image, canvas);
  }

  /** The rows of a picture in memory. */
  static void draw(BufferedImage image, ImageCanvas canvas) {
    int width = image.getWidth();
    boolean grey =
        image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY
            && !(image.getColorModel() instanceof IndexColorModel);
    int[] row = new int[width];
    float[] red = new float[width];
    float[] green = new float[width];
    float[] blue = new float[width];
    for (int y = 0; y < image.getHeight(); y++) {
      if (grey) {
        greyRow(image.getRaster(), y, red);
        canvas.row(y, red);
        continue;
      }
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int x = 0; x < width; x++) {
        int alpha = row[x] >>> 24;
        red[x] = ImageCanvas.over((row[x] >> 16) & 0xff, alpha);
        green[x] = ImageCanvas.over((row[x] >> 8) & 0xff, alpha);
        blue[x] = ImageCanvas.over(row[x] & 0xff, alpha);
      }
      canvas.row(y, red, green, blue);
    }
  }

  /** Grey samples as they are stored: the JDK's conversion to RGB would brighten them. */
  private static void greyRow(Raster raster, int y, float[] values) {
    float scale = 255f / ((1L << raster.getSampleModel().getSampleSize(0)) - 1);
    boolean alpha = raster.getNumBands() > 1;
    float alphaScale = alpha ? 255f / ((1L << raster.getSampleModel().getSampleSize(1)) - 1) : 1;
    for (int x = 0; x < values.length; x++) {
      values[x] = raster.getSample(x, y, 0) * scale;
      if (alpha) {
        values[x] = ImageCanvas.over(values[x], raster.getSample(x, y, 1) * alphaScale);
      }
    }
  }

  /** What is done with a plug-in that knows the file. */
  private interface Job<T> {
    T run(ImageReader reader) throws IOException, BrokenImage;
  }

  private static <T> T reading(ImageBytes bytes, ImageKind kind, Job<T> job)
      throws BrokenImage, IOException {
    try (ImageInputStream in =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes.array()))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      while (readers.hasNext()) {
        ImageReader reader = readers.next();
        try {
          if (!reader.getClass().getModule().equals(ImageIO.class.getModule())) {
            reader.setInput(in, true, true);
            return job.run(reader);
          }
        } finally {
          reader.dispose();
        }
      }
    }
    throw kind.refusal();
  }

  private static int orientation(ImageBytes bytes, ImageKind kind) throws BrokenImage {
    if (kind == ImageKind.TIFF) {
      return ExifOrientation.at(bytes, 0);
    }
    long at = 12;
    while (kind == ImageKind.WEBP && at + 8 <= bytes.length()) {
      if (bytes.hasText((int) at, "EXIF")) {
        int data = (int) at + 8;
        return ExifOrientation.at(bytes, bytes.hasText(data, "Exif\0") ? data + 6 : data);
      }
      long length = bytes.le32((int) at + 4) & 0xffffffffL;
      at += 8 + length + (length & 1);
    }
    return 1;
  }
}
