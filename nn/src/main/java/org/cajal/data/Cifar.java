package org.cajal.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.cajal.type.CajalException;
import org.cajal.type.Shape;

/**
 * Reads CIFAR-10 binary files (A. Krizhevsky 2009), plain or gzip: records of 3,073 bytes, a label
 * and then the red, green and blue planes of 32 × 32 bytes.
 */
public final class Cifar {
  private static final int IMAGE = 3 * 32 * 32;
  private static final int RECORD = 1 + IMAGE;
  private static final int MOST_RECORDS = 600_000;
  private static final List<String> LABELS =
      List.of(
          "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

  private Cifar() {}

  /**
   * The images of one or more files, one file after the other, shape [3, 32, 32].
   *
   * @throws CajalException if a file is missing, broken, no whole number of records, or holds a
   *     label above 9
   */
  public static Dataset read(String name, Path... paths) {
    ByteArrayOutputStream pixels = new ByteArrayOutputStream();
    ByteArrayOutputStream labels = new ByteArrayOutputStream();
    for (Path path : paths) {
      Input.read(
          path,
          (in, limit) -> {
            byte[] record = in.readNBytes(RECORD);
            if (record.length == 0) {
              throw new CajalException(
                  path + ": the file is empty; CIFAR records of 3073 bytes are expected");
            }
            for (; record.length > 0; record = in.readNBytes(RECORD)) {
              append(path, record, pixels, labels);
            }
            return path;
          });
    }
    byte[] raw = labels.toByteArray();
    int[] classes = new int[raw.length];
    for (int i = 0; i < raw.length; i++) {
      classes[i] = raw[i];
    }
    return Dataset.classification(
            name, ByteRows.of(pixels.toByteArray(), Shape.of(3, 32, 32)), classes, LABELS)
        .withProvenance("CIFAR-10 (A. Krizhevsky 2009)");
  }

  private static void append(
      Path path, byte[] record, ByteArrayOutputStream pixels, ByteArrayOutputStream labels)
      throws IOException {
    int index = labels.size();
    if (record.length < RECORD) {
      throw new CajalException(
          path
              + ": truncated: the last record has "
              + record.length
              + " bytes, a CIFAR record has 3073");
    }
    if (record[0] < 0 || record[0] > 9) {
      throw new CajalException(
          path
              + ": not a CIFAR-10 file: record "
              + index
              + " has the label "
              + (record[0] & 0xff)
              + ", 0 to 9 are allowed");
    }
    if (index >= MOST_RECORDS) {
      throw new CajalException(
          path + ": more than " + MOST_RECORDS + " records; read fewer files at once");
    }
    labels.write(record[0]);
    pixels.write(record, 1, IMAGE);
  }
}
