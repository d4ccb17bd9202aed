package org.cajal.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.cajal.type.CajalException;
import org.cajal.type.Shape;

/**
 * Reads the IDX files of MNIST and its kin (Y. LeCun, C. Cortes, C. Burges), plain or gzip: a
 * big-endian header, then one unsigned byte a pixel or label. Sizes in the header are believed only
 * as far as the file can hold them.
 */
public final class Idx {
  private static final int IMAGES = 2051;
  private static final int LABELS = 2049;

  private Idx() {}

  /**
   * The images of a file.
   *
   * @return N images of shape [1, rows, columns], pixels from 0 to 1
   * @throws CajalException if the file is missing, broken, truncated, not of this format or of
   *     absurd size
   */
  public static ByteRows readImages(Path path) {
    return Input.read(
        path,
        (in, limit) -> {
          int[] header = header(path, in, IMAGES, 3);
          String what = header[0] + " images of " + header[1] + " × " + header[2];
          if (header[0] < 1 || header[1] < 1 || header[2] < 1) {
            throw new CajalException(
                path + ": the header announces " + what + "; each number must be 1 or larger");
          }
          if (header[1] > 1 << 14 || header[2] > 1 << 14) {
            throw new CajalException(
                path + ": the header announces " + what + "; at most 16384 × 16384 is allowed");
          }
          byte[] bytes = body(path, in, limit, 16, (long) header[1] * header[2] * header[0], what);
          return ByteRows.of(bytes, Shape.of(1, header[1], header[2]));
        });
  }

  /**
   * The labels of a file, each from 0 to 255.
   *
   * @throws CajalException if the file is missing, broken, truncated, not of this format or of
   *     absurd size
   */
  public static int[] readLabels(Path path) {
    return Input.read(
        path,
        (in, limit) -> {
          int[] header = header(path, in, LABELS, 1);
          String what = header[0] + " labels";
          if (header[0] < 1) {
            throw new CajalException(
                path + ": the header announces " + what + "; at least 1 is needed");
          }
          byte[] bytes = body(path, in, limit, 8, header[0], what);
          int[] labels = new int[bytes.length];
          for (int i = 0; i < labels.length; i++) {
            labels[i] = bytes[i] & 0xff;
          }
          return labels;
        });
  }

  /**
   * Images with their labels.
   *
   * @param classLabels the classes' names; the labels are indices into them
   * @throws CajalException if a file is bad, the counts disagree, or a label has no name
   */
  public static Dataset read(String name, Path images, Path labels, List<String> classLabels) {
    ByteRows rows = readImages(images);
    int[] classes = readLabels(labels);
    if (rows.size() != classes.length) {
      throw new CajalException(
          images
              + " has "
              + rows.size()
              + " images, but "
              + labels
              + " has "
              + classes.length
              + " labels; the two files must belong together");
    }
    for (int i = 0; i < classes.length; i++) {
      if (classes[i] >= classLabels.size()) {
        throw new CajalException(
            labels
                + ": label "
                + classes[i]
                + " of image "
                + i
                + " is out of range; "
                + name
                + " has the classes 0 to "
                + (classLabels.size() - 1));
      }
    }
    return Dataset.classification(name, rows, classes, classLabels);
  }

  private static int[] header(Path path, InputStream in, int magic, int axes) throws IOException {
    byte[] bytes = in.readNBytes(4 + 4 * axes);
    String kind = magic == IMAGES ? "image" : "label";
    if (bytes.length >= 4) {
      int found = ByteBuffer.wrap(bytes).getInt();
      if (found == IMAGES + LABELS - magic) {
        String other = magic == IMAGES ? "label" : "image";
        throw new CajalException(
            path
                + ": an IDX "
                + other
                + " file (it starts with "
                + found
                + "), "
                + (magic == IMAGES ? "an image" : "a label")
                + " file ("
                + magic
                + ") is expected; are the two swapped?");
      }
      if (found != magic) {
        throw new CajalException(
            path
                + ": not an IDX "
                + kind
                + " file: it starts with the number "
                + found
                + ", "
                + magic
                + " is expected");
      }
    }
    if (bytes.length < 4 + 4 * axes) {
      throw new CajalException(
          path
              + ": truncated: an IDX "
              + kind
              + " file begins with "
              + (4 + 4 * axes)
              + " bytes of header, here are "
              + bytes.length);
    }
    int[] sizes = new int[axes];
    ByteBuffer.wrap(bytes, 4, 4 * axes).asIntBuffer().get(sizes);
    return sizes;
  }

  private static byte[] body(
      Path path, InputStream in, long limit, int head, long wanted, String what)
      throws IOException {
    if (wanted > limit - head) {
      throw new CajalException(
          path
              + ": the header announces "
              + what
              + " ("
              + wanted
              + " bytes), the file can hold at most "
              + Math.max(0, limit - head)
              + "; it is truncated or damaged");
    }
    if (wanted > Integer.MAX_VALUE - 16) {
      throw new CajalException(
          path
              + ": "
              + what
              + " are "
              + wanted
              + " bytes; at most "
              + (Integer.MAX_VALUE - 16)
              + " can be read");
    }
    byte[] bytes = new byte[(int) wanted]; // no more than the file can hold
    int found = in.readNBytes(bytes, 0, bytes.length);
    if (found < wanted) {
      throw new CajalException(
          path
              + ": truncated: the header announces "
              + what
              + " ("
              + wanted
              + " bytes), only "
              + found
              + " are there");
    }
    if (in.read() != -1) {
      throw new CajalException(
          path + ": data goes on after the " + what + " of the header; the file is damaged");
    }
    return bytes;
  }
}
