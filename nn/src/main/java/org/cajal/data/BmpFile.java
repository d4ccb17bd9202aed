package org.cajal.data;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads BMP of Windows and OS/2: 1 to 32 bits a pixel, palettes, bit masks, run lengths. The file
 * must hold every row.
 */
final class BmpFile {
  private static final ImageKind KIND = ImageKind.BMP;
  private static final int RLE8 = 1;
  private static final int RLE4 = 2;
  private static final int MASKS = 3;
  private static final int MASKS_WITH_ALPHA = 6;

  private final ImageBytes bytes;
  private final int width;
  private final int height;
  private final boolean topDown;
  private final int headerSize;
  private final int bits;
  private final int compression;
  private final int pixels;

  private BmpFile(ImageBytes bytes) throws BrokenImage {
    this.bytes = bytes;
    this.pixels = bytes.le32(10);
    this.headerSize = bytes.le32(14);
    if (headerSize == 12) {
      this.width = bytes.le16(18);
      this.height = bytes.le16(20);
      this.topDown = false;
      this.bits = bytes.le16(24);
      this.compression = 0;
    } else if (headerSize >= 40 && headerSize <= 256) {
      int declared = bytes.le32(22);
      this.width = bytes.le32(18);
      this.topDown = declared < 0;
      this.height = declared == Integer.MIN_VALUE ? 0 : Math.abs(declared);
      this.bits = bytes.le16(28);
      this.compression = bytes.le32(30);
    } else {
      throw BrokenImage.notRead("this variant of BMP");
    }
  }

  static ImageHeader header(ImageBytes bytes) throws BrokenImage {
    BmpFile file = new BmpFile(bytes);
    return new ImageHeader(KIND, file.width, file.height, true, 1);
  }

  static void decode(ImageBytes bytes, ImageCanvas canvas) throws BrokenImage {
    new BmpFile(bytes).decode(canvas);
  }

  private void decode(ImageCanvas canvas) throws BrokenImage {
    boolean runs = compression == RLE8 && bits == 8 || compression == RLE4 && bits == 4;
    boolean masked = compression == MASKS || compression == MASKS_WITH_ALPHA;
    boolean known =
        switch (bits) {
          case 1, 2, 4, 8, 24 -> compression == 0 || runs;
          case 16, 32 -> compression == 0 || masked;
          default -> false;
        };
    if (!known) {
      throw BrokenImage.notRead("BMP of " + bits + " bits and compression " + compression);
    }
    if (pixels < 14 + headerSize || pixels > bytes.length()) {
      throw BrokenImage.endsEarly(KIND);
    }
    if (bits <= 8) {
      int[] palette = palette();
      if (runs) {
        rows(canvas, palette, runs());
      } else {
        rows(canvas, palette, null);
      }
      return;
    }
    colours(canvas, masks(masked));
  }

  private int[] palette() throws BrokenImage {
    int entry = headerSize == 12 ? 3 : 4;
    int used = headerSize == 12 ? 0 : bytes.le32(46);
    int room = (pixels - 14 - headerSize) / entry;
    int size = Math.min(used > 0 && used <= 1 << bits ? used : 1 << bits, room);
    int[] out = new int[size];
    for (int i = 0; i < size; i++) {
      int at = 14 + headerSize + i * entry;
      out[i] = bytes.u8(at + 2) << 16 | bytes.u8(at + 1) << 8 | bytes.u8(at);
    }
    return out;
  }

  /** Where the row of a height begins; every row takes a multiple of four bytes. */
  private long start(int y) throws BrokenImage {
    long stride = ((long) width * bits + 31) / 32 * 4;
    long start = pixels + stride * (topDown ? y : height - 1 - y);
    bytes.require(start, ((long) width * bits + 7) / 8);
    return start;
  }

  private void rows(ImageCanvas canvas, int[] palette, byte @Nullable [] unpacked)
      throws BrokenImage {
    float[][] row = new float[3][width];
    int mask = (1 << bits) - 1;
    for (int i = 0; i < height; i++) {
      int y = topDown ? i : height - 1 - i; // a file that ends early ends in its last stored row
      long start = unpacked == null ? start(y) : 0;
      for (int x = 0; x < width; x++) {
        int index;
        if (unpacked == null) {
          int bit = x * bits;
          index = bytes.u8((int) start + (bit >> 3)) >> (8 - bits - (bit & 7)) & mask;
        } else {
          index = unpacked[y * width + x] & 0xff;
        }
        if (index >= palette.length) {
          throw BrokenImage.damaged(KIND);
        }
        row[0][x] = palette[index] >> 16;
        row[1][x] = palette[index] >> 8 & 0xff;
        row[2][x] = palette[index] & 0xff;
      }
      canvas.row(y, row[0], row[1], row[2]);
    }
  }

  /** Red, green, blue, alpha. */
  private int[] masks(boolean masked) throws BrokenImage {
    if (!masked) {
      return bits == 16
          ? new int[] {0x7c00, 0x03e0, 0x001f, 0}
          : new int[] {0xff0000, 0x00ff00, 0x0000ff, 0};
    }
    // Behind a header of 40 bytes, or its continuation in a longer one.
    boolean alpha = headerSize >= 56 || compression == MASKS_WITH_ALPHA;
    int[] out = {bytes.le32(54), bytes.le32(58), bytes.le32(62), alpha ? bytes.le32(66) : 0};
    for (int mask : out) {
      int low = mask == 0 ? 0 : mask >>> Integer.numberOfTrailingZeros(mask);
      if ((low & low + 1) != 0 || bits == 16 && mask >>> 16 != 0) {
        throw BrokenImage.damaged(KIND);
      }
    }
    return out;
  }

  private void colours(ImageCanvas canvas, int[] masks) throws BrokenImage {
    float[][] row = new float[4][width];
    Arrays.fill(row[3], 255);
    for (int i = 0; i < height; i++) {
      int y = topDown ? i : height - 1 - i;
      int at = (int) start(y);
      for (int x = 0; x < width; x++) {
        if (bits == 24) {
          row[0][x] = bytes.u8(at + 3 * x + 2);
          row[1][x] = bytes.u8(at + 3 * x + 1);
          row[2][x] = bytes.u8(at + 3 * x);
          continue;
        }
        int pixel = bits == 16 ? bytes.le16(at + 2 * x) : bytes.le32(at + 4 * x);
        for (int c = 0; c < 4; c++) {
          if (masks[c] != 0) {
            int shift = Integer.numberOfTrailingZeros(masks[c]);
            long most = (masks[c] >>> shift) & 0xffffffffL;
            row[c][x] = (((pixel & masks[c]) >>> shift) & 0xffffffffL) * 255f / most;
          }
        }
        for (int c = 0; c < 3; c++) {
          row[c][x] = ImageCanvas.over(row[c][x], row[3][x]);
        }
      }
      canvas.row(y, row[0], row[1], row[2]);
    }
  }

  /** The indices of a picture stored as run lengths, top row first; what is skipped is 0. */
  private byte[] runs() throws BrokenImage {
    if ((long) width * height > 255L * bytes.length()) {
      throw BrokenImage.endsEarly(KIND);
    }
    byte[] out = new byte[width * height];
    int at = pixels;
    int x = 0;
    int line = 0;
    while (true) {
      int count = bytes.u8(at++);
      int value = bytes.u8(at++);
      if (count > 0) {
        for (int i = 0; i < count; i++) {
          put(out, x++, line, bits == 8 ? value : (i & 1) == 0 ? value >> 4 : value & 15);
        }
        continue;
      }
      switch (value) {
        case 0 -> {
          x = 0;
          line++;
        }
        case 1 -> {
          return out;
        }
        case 2 -> {
          x += bytes.u8(at++);
          line += bytes.u8(at++);
        }
        default -> {
          for (int i = 0; i < value; i++) {
            int b = bytes.u8(bits == 8 ? at + i : at + i / 2);
            put(out, x++, line, bits == 8 ? b : (i & 1) == 0 ? b >> 4 : b & 15);
          }
          int used = bits == 8 ? value : (value + 1) / 2;
          at += used + (used & 1);
        }
      }
    }
  }

  private void put(byte[] out, int x, int line, int index) {
    if (x < width && line < height) {
      out[(topDown ? line : height - 1 - line) * width + x] = (byte) index;
    }
  }
}
