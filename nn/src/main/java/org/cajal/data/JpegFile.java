package org.cajal.data;

import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads JPEG (ITU-T T.81, baseline and progressive) by the JDK's decoder, which gets the segments
 * that it needs and gives the samples as they are stored; colours are made here, by the rules of
 * JFIF and Adobe: grey, YCbCr, RGB, CMYK and YCCK (whose inks Adobe stores inverted), with an
 * embedded ICC profile. The file must reach its end mark, and any complaint of the decoder but one
 * about bytes behind the last scan refuses it.
 */
final class JpegFile {
  private static final ImageKind KIND = ImageKind.JPEG;
  private static final int APP1 = 0xe1;
  private static final int APP2 = 0xe2;
  private static final int APP14 = 0xee;
  private static final int DHT = 0xc4;
  private static final int JPG = 0xc8;
  private static final int DAC = 0xcc;
  private static final int SOI = 0xd8;
  private static final int EOI = 0xd9;
  private static final int SOS = 0xda;
  private static final int DQT = 0xdb;
  private static final int DRI = 0xdd;
  private static final String HARMLESS = "extraneous bytes before marker 0xd9";

  private final ImageBytes bytes;

  /** What the decoder gets: nothing that only describes. */
  private final ByteArrayOutputStream clean = new ByteArrayOutputStream();

  private final List<byte[]> profileParts = new ArrayList<>();
  private int frame = -1;
  private int orientation = 1;
  private boolean isJfif;
  private int adobeTransform = -1;
  private int at = 2;

  /** Whether much of the last scan's end is zeros, as where a copy was never finished. */
  private boolean endsInZeros;

  private JpegFile(ImageBytes bytes) {
    this.bytes = bytes;
  }

  static ImageHeader header(ImageBytes bytes) throws BrokenImage {
    JpegFile file = new JpegFile(bytes);
    int marker = file.marker();
    while (marker != SOS) {
      if (marker == EOI) {
        throw BrokenImage.endsEarly(KIND);
      }
      file.segment(marker, false);
      marker = file.marker();
    }
    return file.header();
  }

  static void decode(ImageBytes bytes, ImageHeader header, ImageCanvas canvas)
      throws BrokenImage, IOException {
    JpegFile file = new JpegFile(bytes);
    file.readAll();
    long blocks = (long) header.storedWidth() * header.storedHeight() / (64 * 64);
    if (blocks > 8L * bytes.length()) {
      throw BrokenImage.endsEarly(KIND); // a group of blocks takes a bit at least
    }
    file.draw(file.samples(), canvas);
  }

  private ImageHeader header() throws BrokenImage {
    if (frame < 0) {
      throw BrokenImage.damaged(KIND);
    }
    int precision = bytes.u8(frame);
    if (precision != 8) {
      throw BrokenImage.notRead("JPEG of " + precision + " bits a sample");
    }
    int components = bytes.u8(frame + 5);
    if (components != 1 && components != 3 && components != 4) {
      throw BrokenImage.notRead("JPEG of " + components + " components");
    }
    bytes.require(frame + 6, 3L * components);
    return new ImageHeader(
        KIND, bytes.be16(frame + 3), bytes.be16(frame + 1), components > 1, orientation);
  }

  /** The next marker; bytes before it do not count. */
  private int marker() throws BrokenImage {
    while (true) {
      if (bytes.u8(at++) == 0xff) {
        int code = bytes.u8(at);
        while (code == 0xff) {
          code = bytes.u8(++at);
        }
        if (code != 0) {
          at++;
          return code;
        }
      }
    }
  }

  /** Takes what a segment says and steps behind it. */
  private void segment(int marker, boolean keep) throws BrokenImage {
    if (marker == SOI || marker >= 0xd0 && marker < SOI || marker == 1) {
      throw BrokenImage.damaged(KIND);
    }
    int length = bytes.be16(at);
    if (length < 2) {
      throw BrokenImage.damaged(KIND);
    }
    bytes.require(at, length);
    int data = at + 2;
    boolean needed = marker == DHT || marker == DQT || marker == DRI || marker == SOS;
    if (marker == 0xe0) {
      isJfif |= bytes.hasText(data, "JFIF\0");
    } else if (marker == APP1 && bytes.hasText(data, "Exif\0") && orientation == 1) {
      orientation = ExifOrientation.at(bytes, data + 6);
    } else if (marker == APP2 && bytes.hasText(data, "ICC_PROFILE\0") && length > 16) {
      profileParts.add(bytes.slice(data + 12, length - 14));
    } else if (marker == APP14 && bytes.hasText(data, "Adobe") && length >= 14) {
      adobeTransform = bytes.u8(data + 11);
    } else if (marker == DAC) {
      throw BrokenImage.notRead("JPEG with arithmetic coding");
    } else if (marker >= 0xc0 && marker <= 0xcf && marker != DHT && marker != JPG) {
      if (marker > 0xc2) {
        throw BrokenImage.notRead(
            marker == 0xc3
                ? "lossless JPEG"
                : marker >= 0xc9 ? "JPEG with arithmetic coding" : "hierarchical JPEG");
      }
      if (frame >= 0) {
        throw BrokenImage.damaged(KIND);
      }
      frame = data;
      needed = true;
    }
    if (keep && needed) {
      clean.write(0xff);
      clean.write(marker);
      clean.write(bytes.array(), at, length);
    }
    at += length;
  }

  private void readAll() throws BrokenImage {
    clean.write(0xff);
    clean.write(SOI);
    int scans = 0;
    int marker = marker();
    while (marker != EOI) {
      segment(marker, true);
      if (marker == SOS) {
        int start = at;
        scans++;
        skipScan();
        clean.write(bytes.array(), start, at - start);
      }
      marker = marker();
    }
    if (scans == 0) {
      throw BrokenImage.endsEarly(KIND);
    }
    clean.write(0xff);
    clean.write(EOI);
  }

  /** Steps to the marker behind coded data, in which 0xff is followed by 0 or a restart marker. */
  private void skipScan() throws BrokenImage {
    byte[] data = bytes.array();
    int start = at;
    while (true) {
      while (at < data.length && data[at] != (byte) 0xff) {
        at++;
      }
      int code = bytes.u8(at + 1);
      if (code != 0 && code != 0xff && (code < 0xd0 || code > 0xd7)) {
        int zeros = 0;
        while (zeros < at - start && data[at - 1 - zeros] == 0) {
          zeros++;
        }
        endsInZeros = zeros >= 64 && zeros > (at - start) / 8;
        return;
      }
      at += code == 0xff ? 1 : 2;
    }
  }

  private Raster samples() throws BrokenImage, IOException {
    ImageReader reader = decoder();
    List<String> complaints = new ArrayList<>();
    try (MemoryCacheImageInputStream in =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(clean.toByteArray()))) {
      reader.addIIOReadWarningListener((source, text) -> complaints.add(text));
      reader.setInput(in, true, true);
      Raster raster = reader.readRaster(0, null);
      for (String complaint : complaints) {
        if (!complaint.contains(HARMLESS) || endsInZeros) {
          throw complaint.contains("remature end")
              ? BrokenImage.endsEarly(KIND)
              : BrokenImage.damaged(KIND);
        }
      }
      return raster;
    } finally {
      reader.dispose();
    }
  }

  /** The JDK's own decoder, whatever plug-ins there are: the rules above are about that one. */
  private static ImageReader decoder() throws IOException {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("jpeg");
    while (readers.hasNext()) {
      ImageReader reader = readers.next();
      if (reader.getClass().getModule().equals(ImageIO.class.getModule())) {
        return reader;
      }
    }
    throw new IOException("this Java has no JPEG decoder");
  }

  private byte @Nullable [] icc() {
    if (profileParts.isEmpty()) {
      return null;
    }
    // Each part begins with its number and how many there are.
    profileParts.sort((a, b) -> Integer.compare(a[0] & 0xff, b[0] & 0xff));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : profileParts) {
      out.write(part, 2, part.length - 2);
    }
    return out.toByteArray();
  }

  /** Whether the first three samples are luminance and chrominance, as the JPEG library decides. */
  private boolean isLuminance() throws BrokenImage {
    if (bytes.u8(frame + 5) == 4) {
      return adobeTransform == 2;
    }
    if (isJfif) {
      return true;
    }
    if (adobeTransform >= 0) {
      return adobeTransform != 0;
    }
    return bytes.u8(frame + 6) != 'R' || bytes.u8(frame + 9) != 'G' || bytes.u8(frame + 12) != 'B';
  }

  private void draw(Raster raster, ImageCanvas canvas) throws BrokenImage {
    int width = raster.getWidth();
    int bands = raster.getNumBands();
    if (bands != bytes.u8(frame + 5)) {
      throw BrokenImage.damaged(KIND);
    }
    boolean luminance = bands > 1 && isLuminance();
    ColourProfile profile = ColourProfile.of(icc(), bands);
    int[] row = new int[width * bands];
    byte[] packed = new byte[width * bands];
    float[] red = new float[width];
    float[] green = new float[width];
    float[] blue = new float[width];
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(0, y, width, 1, row);
      if (luminance) {
        toRgb(row, bands);
      }
      if (profile != null) {
        for (int i = 0; i < row.length; i++) {
          packed[i] = (byte) (bands == 4 ? 255 - row[i] : row[i]);
        }
        byte[] rgb = profile.convert(packed, width);
        for (int x = 0; x < width; x++) {
          red[x] = rgb[3 * x] & 0xff;
          green[x] = rgb[3 * x + 1] & 0xff;
          blue[x] = rgb[3 * x + 2] & 0xff;
        }
      } else {
        for (int x = 0; x < width; x++) {
          // Inks are stored inverted: 255 is none.
          float black = bands == 4 ? row[4 * x + 3] / 255f : 1;
          red[x] = row[bands * x] * black;
          green[x] = bands == 1 ? red[x] : row[bands * x + 1] * black;
          blue[x] = bands == 1 ? red[x] : row[bands * x + 2] * black;
        }
      }
      if (bands == 1) {
        canvas.row(y, red);
      } else {
        canvas.row(y, red, green, blue);
      }
    }
  }

  /**
   * YCbCr to red, green and blue in place (JFIF 1.02). With a fourth sample they are the inks'
   * complements, of which the inverted inks are the complements again (Adobe technical note 5116).
   */
  private static void toRgb(int[] row, int bands) {
    for (int i = 0; i < row.length; i += bands) {
      int y = row[i];
      int cb = row[i + 1] - 128;
      int cr = row[i + 2] - 128;
      int red = Math.clamp(Math.round(y + 1.402f * cr), 0, 255);
      int green = Math.clamp(Math.round(y - 0.344136f * cb - 0.714136f * cr), 0, 255);
      int blue = Math.clamp(Math.round(y + 1.772f * cb), 0, 255);
      row[i] = bands == 4 ? 255 - red : red;
      row[i + 1] = bands == 4 ? 255 - green : green;
      row[i + 2] = bands == 4 ? 255 - blue : blue;
    }
  }
}
