package org.cajal.data;

import java.io.ByteArrayOutputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Reads PNG (ISO/IEC 15948): every depth, palettes, transparency, interlacing, an embedded ICC
 * profile. Every chunk's checksum must be right and the end mark be there.
 */
final class PngFile {
  private static final ImageKind KIND = ImageKind.PNG;
  private static final int GREY = 0;
  private static final int RGB = 2;
  private static final int PALETTE = 3;
  private static final int GREY_ALPHA = 4;
  private static final int RGBA = 6;
  private static final int MOST_PROFILE = 1 << 24;

  /** Columns and rows of the seven passes of an interlaced picture: start and step. */
  private static final int[][] PASSES = {
    {0, 8, 0, 8}, {4, 8, 0, 8}, {0, 4, 4, 8}, {2, 4, 0, 4}, {0, 2, 2, 4}, {1, 2, 0, 2}, {0, 1, 1, 2}
  };

  private final ImageBytes bytes;
  private final ImageHeader header;
  private final int depth;
  private final int type;
  private final int samples;
  private final Inflater inflater = new Inflater();
  private int nextChunk;
  private int @Nullable [] palette;
  private byte @Nullable [] transparency;
  private byte @Nullable [] icc;
  private @Nullable ColourProfile profile;

  private PngFile(ImageBytes bytes, ImageHeader header) throws BrokenImage {
    this.bytes = bytes;
    this.header = header;
    this.depth = bytes.u8(24);
    this.type = bytes.u8(25);
    this.samples =
        switch (type) {
          case RGB -> 3;
          case GREY_ALPHA -> 2;
          case RGBA -> 4;
          default -> 1;
        };
  }

  static ImageHeader header(ImageBytes bytes) throws BrokenImage {
    if (bytes.be32(8) != 13 || !bytes.hasText(12, "IHDR")) {
      throw BrokenImage.damaged(KIND);
    }
    int width = bytes.be32(16);
    int height = bytes.be32(20);
    int depth = bytes.u8(24);
    int type = bytes.u8(25);
    boolean known =
        switch (type) {
          case GREY -> depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
          case PALETTE -> depth == 1 || depth == 2 || depth == 4 || depth == 8;
          case RGB, GREY_ALPHA, RGBA -> depth == 8 || depth == 16;
          default -> false;
        };
    if (!known || bytes.u8(26) != 0 || bytes.u8(27) != 0 || bytes.u8(28) > 1) {
      throw BrokenImage.damaged(KIND);
    }
    bytes.require(29, 4);
    checkSum(bytes, 8, 13);
    boolean colour = type != GREY && type != GREY_ALPHA;
    new ImageHeader(KIND, width, height, colour, 1).checked();
    int orientation = 1;
    int at = 33;
    while (!bytes.hasText(at + 4, "IDAT") && !bytes.hasText(at + 4, "IEND")) {
      int length = bytes.be32(at);
      bytes.require(at, 12L + Math.max(0, length));
      if (length < 0) {
        throw BrokenImage.damaged(KIND);
      }
      if (bytes.hasText(at + 4, "eXIf")) {
        orientation = ExifOrientation.at(bytes, at + 8);
      }
      at += 12 + length;
    }
    return new ImageHeader(KIND, width, height, colour, orientation);
  }

  static void decode(ImageBytes bytes, ImageHeader header, ImageCanvas canvas) throws BrokenImage {
    PngFile file = new PngFile(bytes, header);
    try {
      file.readChunksBeforePixels();
      file.decode(canvas);
      file.readRest();
    } catch (DataFormatException e) {
      throw BrokenImage.damaged(KIND);
    } finally {
      file.inflater.end();
    }
  }

  private static void checkSum(ImageBytes bytes, int at, int length) throws BrokenImage {
    CRC32 crc = new CRC32();
    crc.update(bytes.array(), at + 4, length + 4);
    if ((int) crc.getValue() != bytes.be32(at + 8 + length)) {
      throw BrokenImage.damaged(KIND);
    }
  }

  /** The length of the next chunk, whose checksum is right. */
  private int chunk() throws BrokenImage {
    int length = bytes.be32(nextChunk);
    if (length < 0) {
      throw BrokenImage.damaged(KIND);
    }
    bytes.require(nextChunk, 12L + length);
    checkSum(bytes, nextChunk, length);
    return length;
  }

  private boolean isNext(String name) {
    return bytes.hasText(nextChunk + 4, name);
  }

  private void readChunksBeforePixels() throws BrokenImage {
    nextChunk = 8;
    while (true) {
      int length = chunk();
      int data = nextChunk + 8;
      if (isNext("IDAT")) {
        break;
      }
      if (isNext("IEND")) {
        throw BrokenImage.endsEarly(KIND);
      }
      if (isNext("PLTE") && type == PALETTE) {
        if (length % 3 != 0 || length == 0 || length > 768) {
          throw BrokenImage.damaged(KIND);
        }
        palette = new int[length / 3];
        for (int i = 0; i < palette.length; i++) {
          palette[i] =
              bytes.u8(data + 3 * i) << 16
                  | bytes.u8(data + 3 * i + 1) << 8
                  | bytes.u8(data + 3 * i + 2);
        }
      } else if (isNext("tRNS")) {
        transparency = bytes.slice(data, length);
      } else if (isNext("iCCP")) {
        icc = profile(bytes.slice(data, length));
      }
      nextChunk += 12 + length;
    }
    if (type == PALETTE && palette == null) {
      throw BrokenImage.damaged(KIND);
    }
    profile = ColourProfile.of(icc, type == GREY || type == GREY_ALPHA ? 1 : 3);
  }

  private static byte @Nullable [] profile(byte[] chunk) {
    int name = 0;
    while (name < chunk.length && chunk[name] != 0) {
      name++;
    }
    Inflater unpack = new Inflater();
    try {
      unpack.setInput(
          chunk, Math.min(chunk.length, name + 2), Math.max(0, chunk.length - name - 2));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] block = new byte[1 << 13];
      int count = unpack.inflate(block);
      while (count > 0 && out.size() < MOST_PROFILE) {
        out.write(block, 0, count);
        count = unpack.inflate(block);
      }
      return out.toByteArray();
    } catch (DataFormatException e) {
      return null;
    } finally {
      unpack.end();
    }
  }

  private void decode(ImageCanvas canvas) throws BrokenImage, DataFormatException {
    int width = header.storedWidth();
    int height = header.storedHeight();
    RowWriter rows = new RowWriter(canvas);
    if (bytes.u8(28) == 0) {
      char[] row = new char[width * samples];
      pass(width, height, row, (y, values) -> rows.write(y, values, 0));
      return;
    }
    if ((long) width * height * samples * depth / 8 > 2048L * bytes.length()) {
      throw BrokenImage.endsEarly(KIND); // more than any compression gives
    }
    char[] all = new char[Math.multiplyExact(width * samples, height)];
    for (int[] p : PASSES) {
      int columns = (width - p[0] + p[1] - 1) / p[1];
      int lines = (height - p[2] + p[3] - 1) / p[3];
      if (columns > 0 && lines > 0) {
        char[] line = new char[columns * samples];
        pass(
            columns,
            lines,
            line,
            (y, values) -> {
              int start = (p[2] + y * p[3]) * width;
              for (int x = 0; x < columns; x++) {
                for (int s = 0; s < samples; s++) {
                  all[(start + p[0] + x * p[1]) * samples + s] = values[x * samples + s];
                }
              }
            });
      }
    }
    for (int y = 0; y < height; y++) {
      rows.write(y, all, y * width * samples);
    }
  }

  /** What takes the samples of a row. */
  private interface Samples {
    void row(int y, char[] values) throws BrokenImage;
  }

  /** Reads one pass, or all of a picture that is not interlaced, by way of {@code values}. */
  private void pass(int columns, int lines, char[] values, Samples into)
      throws BrokenImage, DataFormatException {
    int length = (int) (((long) columns * samples * depth + 7) / 8);
    int step = Math.max(1, samples * depth / 8);
    byte[] before = new byte[length];
    byte[] row = new byte[length];
    byte[] filter = new byte[1];
    for (int y = 0; y < lines; y++) {
      inflate(filter, 1);
      inflate(row, length);
      unfilter(filter[0], row, before, step);
      unpack(row, values);
      into.row(y, values);
      byte[] free = before;
      before = row;
      row = free;
    }
  }

  private void inflate(byte[] into, int count) throws BrokenImage, DataFormatException {
    int done = 0;
    while (done < count) {
      int got = inflater.inflate(into, done, count - done);
      done += got;
      if (got == 0) {
        if (inflater.finished() || inflater.needsDictionary() || !isNext("IDAT")) {
          throw BrokenImage.endsEarly(KIND);
        }
        int length = chunk();
        inflater.setInput(bytes.array(), nextChunk + 8, length);
        nextChunk += 12 + length;
      }
    }
  }

  private static void unfilter(int filter, byte[] row, byte[] before, int step) throws BrokenImage {
    int n = row.length;
    switch (filter) {
      case 0 -> {}
      case 1 -> {
        for (int i = step; i < n; i++) {
          row[i] += row[i - step];
        }
      }
      case 2 -> {
        for (int i = 0; i < n; i++) {
          row[i] += before[i];
        }
      }
      case 3 -> {
        for (int i = 0; i < n; i++) {
          int left = i < step ? 0 : row[i - step] & 0xff;
          row[i] += (byte) ((left + (before[i] & 0xff)) / 2);
        }
      }
      case 4 -> {
        for (int i = 0; i < n; i++) {
          int left = i < step ? 0 : row[i - step] & 0xff;
          int up = before[i] & 0xff;
          int corner = i < step ? 0 : before[i - step] & 0xff;
          int a = Math.abs(up - corner);
          int b = Math.abs(left - corner);
          int c = Math.abs(left + up - 2 * corner);
          row[i] += (byte) (a <= b && a <= c ? left : b <= c ? up : corner);
        }
      }
      default -> throw BrokenImage.damaged(KIND);
    }
  }

  private void unpack(byte[] row, char[] values) {
    switch (depth) {
      case 8 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = (char) (row[i] & 0xff);
        }
      }
      case 16 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = (char) ((row[2 * i] & 0xff) << 8 | row[2 * i + 1] & 0xff);
        }
      }
      default -> {
        int mask = (1 << depth) - 1;
        for (int i = 0; i < values.length; i++) {
          int bit = i * depth;
          values[i] = (char) ((row[bit >> 3] >> (8 - depth - (bit & 7))) & mask);
        }
      }
    }
  }

  /** The rest of the file up to its end mark. */
  private void readRest() throws BrokenImage {
    while (true) {
      int length = chunk();
      if (isNext("IEND")) {
        return;
      }
      nextChunk += 12 + length;
    }
  }

  /** Turns samples into grey or colours over white. */
  private final class RowWriter {
    private final ImageCanvas canvas;
    private final int width = header.storedWidth();
    private final float[] red = new float[width];
    private final float[] green = new float[width];
    private final float[] blue = new float[width];
    private final float[] alpha = new float[width];
    private final float scale = 255f / ((1 << depth) - 1);
    private final int[] clear;

    RowWriter(ImageCanvas canvas) {
      this.canvas = canvas;
      this.clear = clear();
    }

    /** The one transparent colour of a picture without alpha; -1 for none. */
    private int[] clear() {
      int[] out = {-1, -1, -1};
      int count = type == GREY ? 1 : type == RGB ? 3 : 0;
      byte[] t = transparency;
      if (t != null && t.length >= 2 * count) {
        for (int i = 0; i < count; i++) {
          out[i] = (t[2 * i] & 0xff) << 8 | t[2 * i + 1] & 0xff;
        }
      }
      return out;
    }

    void write(int y, char[] values, int start) throws BrokenImage {
      boolean grey = type == GREY || type == GREY_ALPHA;
      for (int x = 0; x < width; x++) {
        int at = start + x * samples;
        switch (type) {
          case GREY -> {
            red[x] = values[at] * scale;
            alpha[x] = values[at] == clear[0] ? 0 : 255;
          }
          case GREY_ALPHA -> {
            red[x] = values[at] * scale;
            alpha[x] = values[at + 1] * scale;
          }
          case PALETTE -> colour(x, values[at]);
          default -> {
            red[x] = values[at] * scale;
            green[x] = values[at + 1] * scale;
            blue[x] = values[at + 2] * scale;
            alpha[x] =
                type == RGBA
                    ? values[at + 3] * scale
                    : values[at] == clear[0]
                            && values[at + 1] == clear[1]
                            && values[at + 2] == clear[2]
                        ? 0
                        : 255;
          }
        }
      }
      if (profile != null) {
        convert(profile, grey);
      }
      for (int x = 0; x < width; x++) {
        red[x] = ImageCanvas.over(red[x], alpha[x]);
        if (!grey) {
          green[x] = ImageCanvas.over(green[x], alpha[x]);
          blue[x] = ImageCanvas.over(blue[x], alpha[x]);
        }
      }
      if (grey) {
        canvas.row(y, red);
      } else {
        canvas.row(y, red, green, blue);
      }
    }

    private void colour(int x, int index) throws BrokenImage {
      int[] colours = palette;
      if (colours == null || index >= colours.length) {
        throw BrokenImage.damaged(KIND);
      }
      red[x] = colours[index] >> 16;
      green[x] = colours[index] >> 8 & 0xff;
      blue[x] = colours[index] & 0xff;
      alpha[x] =
          transparency != null && index < transparency.length ? transparency[index] & 0xff : 255;
    }

    private void convert(ColourProfile by, boolean grey) {
      int bands = grey ? 1 : 3;
      byte[] in = new byte[width * bands];
      for (int x = 0; x < width; x++) {
        in[x * bands] = (byte) Math.round(red[x]);
        if (!grey) {
          in[x * 3 + 1] = (byte) Math.round(green[x]);
          in[x * 3 + 2] = (byte) Math.round(blue[x]);
        }
      }
      byte[] out = by.convert(in, width);
      for (int x = 0; x < width; x++) {
        red[x] = out[3 * x] & 0xff;
        green[x] = out[3 * x + 1] & 0xff;
        blue[x] = out[3 * x + 2] & 0xff;
      }
    }
  }
}
