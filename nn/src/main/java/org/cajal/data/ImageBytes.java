package org.cajal.data;

import java.nio.charset.StandardCharsets;

/** The bytes of an image file, or its first ones; whoever reads behind them gets the fault. */
final class ImageBytes {
  private final ImageKind kind;
  private final byte[] data;

  ImageBytes(ImageKind kind, byte[] data) {
    this.kind = kind;
    this.data = data;
  }

  int length() {
    return data.length;
  }

  byte[] array() {
    return data;
  }

  /** Refuses to go on where not so many bytes are there. */
  void require(long at, long count) throws BrokenImage {
    if (at < 0 || count < 0 || at + count > data.length) {
      throw BrokenImage.endsEarly(kind);
    }
  }

  int u8(int at) throws BrokenImage {
    require(at, 1);
    return data[at] & 0xff;
  }

  int be16(int at) throws BrokenImage {
    require(at, 2);
    return (data[at] & 0xff) << 8 | data[at + 1] & 0xff;
  }

  int le16(int at) throws BrokenImage {
    require(at, 2);
    return (data[at + 1] & 0xff) << 8 | data[at] & 0xff;
  }

  /** A signed number of 32 bits, the highest byte first. */
  int be32(int at) throws BrokenImage {
    return be16(at) << 16 | be16(at + 2);
  }

  /** A signed number of 32 bits, the lowest byte first. */
  int le32(int at) throws BrokenImage {
    return le16(at + 2) << 16 | le16(at);
  }

  boolean hasText(int at, String ascii) {
    byte[] wanted = ascii.getBytes(StandardCharsets.ISO_8859_1);
    if (at < 0 || at + wanted.length > data.length) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      if (data[at + i] != wanted[i]) {
        return false;
      }
    }
    return true;
  }

  byte[] slice(int at, int count) throws BrokenImage {
    require(at, count);
    return java.util.Arrays.copyOfRange(data, at, at + count);
  }
}
