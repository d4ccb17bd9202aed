package org.cajal.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cajal.data.BadInput.refused;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpyTest {
  @TempDir Path folder;

  private static byte[] npy(int version, String header, byte... values) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer out =
        ByteBuffer.allocate(12 + text.length + values.length).order(ByteOrder.LITTLE_ENDIAN);
    out.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
    if (version == 1) {
      out.putShort((short) text.length);
    } else {
      out.putInt(text.length);
    }
    out.put(text).put(values);
    return Arrays.copyOf(out.array(), out.position());
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("a.npy"), bytes);
  }

  @Test
  void writesWhatItReads() throws IOException {
    Map<String, NDArray> arrays = new LinkedHashMap<>();
    arrays.put("f4", NDArray.of(new float[] {1, -2.5f, Float.NaN, 4, 5, 6}, Shape.of(2, 3)));
    arrays.put("f8", NDArray.of(new double[] {Math.PI}, Shape.of(1)));
    arrays.put("i4", NDArray.of(new int[] {Integer.MIN_VALUE, 7}, Shape.of(2, 1)));
    arrays.put("i8", NDArray.of(new long[] {Long.MAX_VALUE, -1}, Shape.of(2)));
    arrays.put("b1", NDArray.of(new boolean[] {true, false}, Shape.of(2)));
    arrays.put("scalar", NDArray.scalar(DType.F64, 3));
    arrays.put("empty", NDArray.zeros(DType.F32, Shape.of(0, 3)));
    for (Map.Entry<String, NDArray> entry : arrays.entrySet()) {
      Path path = folder.resolve(entry.getKey() + ".npy");
      Npy.write(path, entry.getValue());
      assertThat(Npy.read(path)).as(entry.getKey()).isEqualTo(entry.getValue());
      assertThat(Files.size(path) - entry.getValue().memory().byteSize()).isEqualTo(128);
    }
    Path archive = folder.resolve("all.npz");
    Npy.writeArchive(archive, arrays);
    assertThat(Npy.readArchive(archive)).containsExactlyEntriesOf(arrays);
  }

  @Test
  void readsFortranOrderBigEndianBytesAndLaterVersions() throws IOException {
    Path fortran =
        file(
            npy(
                1,
                "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }",
                (byte) 1,
                (byte) 2,
                (byte) 3,
                (byte) 4,
                (byte) 5,
                (byte) 6));
    NDArray a = Npy.read(fortran);
    assertThat(a.shape()).isEqualTo(Shape.of(2, 3));
    assertThat(a.toInts()).containsExactly(1, 3, 5, 2, 4, 6);
    Path big =
        file(
            npy(
                2,
                "{\"shape\":(2,),\"fortran_order\":False,\"descr\":\">i4\"}\n",
                new byte[] {0, 0, 1, 0, -1, -1, -1, -2}));
    assertThat(Npy.read(big).toInts()).containsExactly(256, -2);
    Path utf =
        file(
            npy(
                3,
                "{'descr': '>f8', 'fortran_order': False, 'shape': ()}",
                new byte[] {0x3f, (byte) 0xf0, 0, 0, 0, 0, 0, 0}));
    assertThat(Npy.read(utf).scalar()).isEqualTo(1);
    Path bytes =
        file(npy(1, "{'descr': '|u1', 'fortran_order': False, 'shape': (1,)}", (byte) 200));
    assertThat(Npy.read(bytes).toInts()).containsExactly(200);
  }

  private void refusedFile(byte[] bytes, String line) throws IOException {
    Path path = file(bytes);
    refused(() -> Npy.read(path), path + line);
  }

  @Test
  void refusesLyingAndBrokenFiles() throws IOException {
    refusedFile(new byte[] {1, 2, 3}, ": not an .npy file; it does not begin with \\x93NUMPY");
    refusedFile(npy(4, "{}"), ": .npy version 4; versions 1 to 3 can be read");
    refusedFile(
        npy(
            1,
            "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000, 1000)}",
            new byte[4]),
        ": the shape [1000000000, 1000] of <f4 needs 4000000000000 bytes, at most 4 are there; the"
            + " file is truncated or damaged");
    refusedFile(
        npy(1, "{'descr': '<f8', 'fortran_order': False, 'shape': (2,)}", new byte[12]),
        ": the shape [2] of <f8 needs 16 bytes, at most 12 are there; the file is truncated or"
            + " damaged");
    refusedFile(
        npy(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", new byte[9]),
        ": data goes on after the values of shape [2]; the file is damaged");
    refusedFile(
        npy(
            1,
            "{'descr': '<f4', 'fortran_order': False, 'shape': (2147483647, 2147483647,"
                + " 2147483647)}"),
        ": the shape [2147483647, 2147483647, 2147483647] is absurd; the file is damaged");
    refusedFile(
        npy(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}"),
        ": broken header: it has a shape that is not at most 32 whole numbers up to 2147483647"
            + " (character 51)");
    refusedFile(
        npy(1, "{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}"),
        ": element type \"<c8\" cannot be read; f4, f8, i4, i8, u1 and b1 can: convert the array");
    refusedFile(
        npy(1, "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}"),
        ": structured element types cannot be read; save one plain array a file");
    refusedFile(
        npy(1, "__import__('os')"),
        ": broken header: it has no \"{\" where one is expected (character 0)");
    refusedFile(
        npy(1, "{'descr': '<f4'}"), ": the header lacks one of descr, fortran_order and shape");
    refusedFile(
        npy(1, "{'descr': '<f4', 'fortran_order': 1, 'shape': (1,)}"),
        ": broken header: it has fortran_order that is neither True nor False (character 34)");
    refusedFile(Arrays.copyOf(npy(1, "{'descr': '<f4'}"), 14), ": truncated in the header");
    refusedFile(
        Arrays.copyOf(
            ByteBuffer.wrap(npy(2, "")).order(ByteOrder.LITTLE_ENDIAN).putInt(8, -1).array(), 12),
        ": a header of 4294967295 bytes; at most 65536 are allowed");
  }

  @Test
  void refusesArchivesThatAreNone() throws IOException {
    Path text = Files.writeString(folder.resolve("x.npz"), "no archive");
    refused(
        () -> Npy.readArchive(text),
        text + ": not an .npz archive, or a broken one; write or copy it again");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("evil.class"));
    }
    Path other = Files.write(folder.resolve("y.npz"), bytes.toByteArray());
    refused(
        () -> Npy.readArchive(other),
        other + ": holds \"evil.class\"; an .npz archive holds .npy arrays only");
  }
}
