package org.cajal.data;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.ImageIO;

/** Makes image files for tests, byte by byte where the JDK cannot write a kind. */
final class ImageFiles {
  private ImageFiles() {}

  /** A PNG of rows that are filtered and packed already: a 0 and the samples of each row. */
  static byte[] png(int width, int height, int depth, int type, byte[] rows, byte[]... chunks)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    DataOutputStream data = new DataOutputStream(header);
    data.writeInt(width);
    data.writeInt(height);
    data.write(new byte[] {(byte) depth, (byte) type, 0, 0, 0});
    out.write(chunk("IHDR", header.toByteArray()));
    for (byte[] chunk : chunks) {
      out.write(chunk);
    }
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (DeflaterOutputStream pack = new DeflaterOutputStream(packed)) {
      pack.write(rows);
    }
    out.write(chunk("IDAT", packed.toByteArray()));
    out.write(chunk("IEND", new byte[0]));
    return out.toByteArray();
  }

  static byte[] chunk(String name, byte[] content) throws IOException {
    ByteArrayOutputStream inner = new ByteArrayOutputStream();
    new DataOutputStream(inner).writeBytes(name);
    inner.write(content);
    CRC32 crc = new CRC32();
    crc.update(inner.toByteArray());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    DataOutputStream data = new DataOutputStream(out);
    data.writeInt(content.length);
    data.write(inner.toByteArray());
    data.writeInt((int) crc.getValue());
    return out.toByteArray();
  }

  static byte[] bytes(int... values) {
    byte[] out = new byte[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (byte) values[i];
    }
    return out;
  }

  static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  /** An image of 24 × 16 whose colours change from pixel to pixel, as the JDK writes it. */
  static byte[] sample(String format) throws IOException {
    BufferedImage image = new BufferedImage(24, 16, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 24 * 16; i++) {
      image.setRGB(i % 24, i / 24, (i * 37 % 256) << 16 | (i * 11 % 256) << 8 | i * 71 % 256);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, format, out);
    return out.toByteArray();
  }

  /** A JPEG of 16 × 8, its left half darker than its right, with an Exif orientation. */
  static byte[] turnedJpeg(int orientation) throws IOException {
    BufferedImage image = new BufferedImage(16, 8, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 16 * 8; i++) {
      int half = (i % 16 < 8 ? 40 : 100) + (i / 16 < 4 ? 0 : 20);
      image.getRaster().setSample(i % 16, i / 16, 0, half);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "jpg", out);
    byte[] jpeg = out.toByteArray();
    byte[] exif =
        joined(bytes(0xff, 0xe1, 0, 34), bytes('E', 'x', 'i', 'f', 0, 0), tiff(orientation));
    byte[] rest = java.util.Arrays.copyOfRange(jpeg, 2, jpeg.length);
    return joined(bytes(0xff, 0xd8), exif, rest);
  }

  /** A directory with the orientation alone, in 26 bytes. */
  static byte[] tiff(int orientation) {
    return bytes(
        'M',
        'M',
        0,
        '*',
        0,
        0,
        0,
        8,
        0,
        1,
        1,
        0x12,
        0,
        3,
        0,
        0,
        0,
        1,
        0,
        orientation,
        0,
        0,
        0,
        0,
        0,
        0);
  }
}
