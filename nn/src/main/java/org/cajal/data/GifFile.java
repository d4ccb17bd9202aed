package org.cajal.data;

import java.util.Arrays;

/**
 * Reads the first picture of a GIF (GIF89a), laid over white on the whole screen that the file
 * declares. The picture must be whole and the end mark be there.
 */
final class GifFile {
  private static final ImageKind KIND = ImageKind.GIF;
  private static final int MOST_CODES = 1 << 12;

  private final ImageBytes bytes;
  private final ImageHeader header;
  private int at;
  private int clear = -1;

  private GifFile(ImageBytes bytes, ImageHeader header) {
    this.bytes = bytes;
    this.header = header;
  }

  static ImageHeader header(ImageBytes bytes) throws BrokenImage {
    bytes.require(0, 13);
    return new ImageHeader(KIND, bytes.le16(6), bytes.le16(8), true, 1);
  }

  static void decode(ImageBytes bytes, ImageHeader header, ImageCanvas canvas) throws BrokenImage {
    new GifFile(bytes, header).decode(canvas);
  }

  private void decode(ImageCanvas canvas) throws BrokenImage {
    int flags = bytes.u8(10);
    at = 13;
    int[] palette = {};
    if ((flags & 0x80) != 0) {
      palette = palette(2 << (flags & 7));
    }
    boolean seen = false;
    while (true) {
      int block = bytes.u8(at++);
      switch (block) {
        case 0x3b -> {
          if (!seen) {
            throw BrokenImage.endsEarly(KIND);
          }
          return;
        }
        case 0x21 -> {
          if (bytes.u8(at) == 0xf9 && !seen && bytes.u8(at + 1) == 4) {
            clear = (bytes.u8(at + 2) & 1) != 0 ? bytes.u8(at + 5) : -1;
          }
          at++;
          skipBlocks();
        }
        case 0x2c -> {
          if (seen) {
            int local = bytes.u8(at + 8);
            at += 9 + ((local & 0x80) != 0 ? 3 * (2 << (local & 7)) : 0) + 1;
            skipBlocks();
          } else {
            picture(palette, canvas);
            seen = true;
          }
        }
        case 0 -> {} // padding between blocks
        default -> throw BrokenImage.damaged(KIND);
      }
    }
  }

  private int[] palette(int size) throws BrokenImage {
    int[] out = new int[size];
    for (int i = 0; i < size; i++) {
      out[i] =
          bytes.u8(at + 3 * i) << 16 | bytes.u8(at + 3 * i + 1) << 8 | bytes.u8(at + 3 * i + 2);
    }
    at += 3 * size;
    return out;
  }

  private void skipBlocks() throws BrokenImage {
    int length = bytes.u8(at);
    while (length > 0) {
      at += 1 + length;
      length = bytes.u8(at);
    }
    at++;
  }

  private void picture(int[] global, ImageCanvas canvas) throws BrokenImage {
    int left = bytes.le16(at);
    int top = bytes.le16(at + 2);
    int width = bytes.le16(at + 4);
    int height = bytes.le16(at + 6);
    int flags = bytes.u8(at + 8);
    at += 9;
    if (width < 1
        || height < 1
        || left + width > header.storedWidth()
        || top + height > header.storedHeight()) {
      throw BrokenImage.damaged(KIND);
    }
    int[] palette = (flags & 0x80) != 0 ? palette(2 << (flags & 7)) : global;
    byte[] indices = unpack(width * height);
    boolean interlaced = (flags & 0x40) != 0;
    int[] lines = new int[height];
    int line = 0;
    int[][] passes =
        interlaced ? new int[][] {{0, 8}, {4, 8}, {2, 4}, {1, 2}} : new int[][] {{0, 1}};
    for (int[] pass : passes) {
      for (int y = pass[0]; y < height; y += pass[1]) {
        lines[y] = line++;
      }
    }
    int n = header.storedWidth();
    float[] red = new float[n];
    float[] green = new float[n];
    float[] blue = new float[n];
    for (int y = 0; y < header.storedHeight(); y++) {
      Arrays.fill(red, 255);
      Arrays.fill(green, 255);
      Arrays.fill(blue, 255);
      for (int x = 0; y >= top && y < top + height && x < width; x++) {
        int index = indices[lines[y - top] * width + x] & 0xff;
        if (index == clear) {
          continue;
        }
        if (index >= palette.length) {
          throw BrokenImage.damaged(KIND);
        }
        red[left + x] = palette[index] >> 16;
        green[left + x] = palette[index] >> 8 & 0xff;
        blue[left + x] = palette[index] & 0xff;
      }
      canvas.row(y, red, green, blue);
    }
  }

  /** The indices of a picture, packed by LZW with codes of growing width. */
  private byte[] unpack(int count) throws BrokenImage {
    int least = bytes.u8(at++);
    if (least < 1 || least > 8) {
      throw BrokenImage.damaged(KIND);
    }
    int start = at;
    skipBlocks();
    long codes = (at - start) * 8L / (least + 1);
    if (count > codes * Math.min(codes, MOST_CODES)) {
      throw BrokenImage.endsEarly(KIND); // no code stands for more pixels than came before it
    }
    byte[] out = new byte[count];
    int[] prefix = new int[MOST_CODES];
    byte[] suffix = new byte[MOST_CODES];
    byte[] stack = new byte[MOST_CODES + 1];
    int reset = 1 << least;
    int end = reset + 1;
    int next = end + 1;
    int width = least + 1;
    int before = -1;
    int first = 0;
    int done = 0;
    int block = start;
    int left = 0;
    int buffer = 0;
    int held = 0;
    while (done < count) {
      while (held < width) {
        if (left == 0) {
          left = bytes.u8(block++);
          if (left == 0) {
            throw BrokenImage.endsEarly(KIND);
          }
        }
        buffer |= bytes.u8(block++) << held;
        held += 8;
        left--;
      }
      int code = buffer & (1 << width) - 1;
      buffer >>>= width;
      held -= width;
      if (code == reset) {
        next = end + 1;
        width = least + 1;
        before = -1;
        continue;
      }
      if (code == end) {
        throw BrokenImage.endsEarly(KIND);
      }
      if (code > next || before < 0 && code >= reset || code == next && next == MOST_CODES) {
        throw BrokenImage.damaged(KIND);
      }
      int top = 0;
      int walk = code;
      if (code == next) {
        stack[top++] = (byte) first;
        walk = before;
      }
      while (walk >= reset) {
        stack[top++] = suffix[walk];
        walk = prefix[walk];
      }
      first = walk;
      stack[top++] = (byte) walk;
      if (before >= 0 && next < MOST_CODES) {
        prefix[next] = before;
        suffix[next] = (byte) first;
        next++;
        if (next == 1 << width && width < 12) {
          width++;
        }
      }
      before = code;
      while (top > 0 && done < count) {
        out[done++] = stack[--top];
      }
    }
    return out;
  }
}
