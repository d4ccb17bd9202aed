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
import java.util.zip.CRC32;
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
        ": broken header: it has a shape that is not at most 64 whole numbers up to 2147483647"
            + " (character 51)");
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
  }

  private static byte[] array(String type, String shape, byte... values) {
    return npy(
        1, "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }", values);
  }

  private NDArray read(String type, String shape, int... values) throws IOException {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return Npy.read(file(array(type, shape, bytes)));
  }

  @Test
  void readsEveryKindOfNumberExactly() throws IOException {
    assertThat(read("<f2", "(3,)", 0, 0x3c, 0x01, 0x00, 0xff, 0xfb))
        .isEqualTo(NDArray.of(new float[] {1, 0x1p-24f, -65504}, Shape.of(3)));
    assertThat(read(">f2", "(2,)", 0x3c, 0, 0x7c, 0x00))
        .isEqualTo(NDArray.of(new float[] {1, Float.POSITIVE_INFINITY}, Shape.of(2)));
    assertThat(read("|i1", "(2,)", 127, 128))
        .isEqualTo(NDArray.of(new int[] {127, -128}, Shape.of(2)));
    assertThat(read("|u1", "(1, 2)", 127, 255))
        .isEqualTo(NDArray.of(new int[] {127, 255}, Shape.of(1, 2)));
    assertThat(read("<i2", "(2,)", 0, 0x80, 255, 255))
        .isEqualTo(NDArray.of(new int[] {-32768, -1}, Shape.of(2)));
    assertThat(read(">u2", "(2,)", 0x80, 0, 255, 254))
        .isEqualTo(NDArray.of(new int[] {32768, 65534}, Shape.of(2)));
    assertThat(read("<i4", "(1,)", 0, 0, 0, 0x80))
        .isEqualTo(NDArray.of(new int[] {Integer.MIN_VALUE}, Shape.of(1)));
    assertThat(read(">u4", "(1,)", 255, 255, 255, 254))
        .isEqualTo(NDArray.of(new long[] {4294967294L}, Shape.of(1)));
    assertThat(read("<u8", "(1,)", 255, 255, 255, 255, 255, 255, 255, 127))
        .isEqualTo(NDArray.of(new long[] {Long.MAX_VALUE}, Shape.of(1)));
    assertThat(read(">i8", "()", 128, 0, 0, 0, 0, 0, 0, 1))
        .isEqualTo(NDArray.of(new long[] {Long.MIN_VALUE + 1}, Shape.SCALAR));
    assertThat(read("|b1", "(3,)", 0, 1, 2))
        .isEqualTo(NDArray.of(new boolean[] {false, true, true}, Shape.of(3)));
    assertThat(read("<f4", "(0L, 7L)")).isEqualTo(NDArray.zeros(DType.F32, Shape.of(0, 7)));
  }

  @Test
  void refusesNumbersThatFitNoTypeButReadsTheirTexts() throws IOException {
    byte[] ids = new byte[16];
    ids[7] = (byte) 0x80;
    ids[8] = 1;
    Path path = file(array(">u8", "(2,)", ids));
    assertThat(Npy.readTexts(path)).containsExactly("128", "72057594037927936");
    Arrays.fill(ids, (byte) 255);
    Path large = file(array("<u8", "(2,)", ids));
    refused(
        () -> Npy.read(large),
        large
            + ": holds the unsigned number 18446744073709551615 at element 0, beyond the largest"
            + " I64, 9223372036854775807; readTexts gives such numbers exactly");
    assertThat(Npy.readTexts(large))
        .containsExactly("18446744073709551615", "18446744073709551615");
  }

  @Test
  void readsTexts() throws IOException {
    byte[] points = new byte[24];
    ByteBuffer.wrap(points).order(ByteOrder.LITTLE_ENDIAN).putInt('ä').putInt(0x1F600);
    ByteBuffer.wrap(points).order(ByteOrder.LITTLE_ENDIAN).putInt(12, ' ').putInt(16, '7');
    Path texts = file(array("<U3", "(2,)", points));
    assertThat(Npy.readTexts(texts)).containsExactly("ä😀", " 7");
    refused(
        () -> Npy.read(texts),
        texts + ": holds texts (<U3), not numbers; readTexts gives them as labels");
    for (int i = 0; i < 24; i += 4) {
      byte b = points[i];
      points[i] = points[i + 3];
      points[i + 3] = b;
      b = points[i + 1];
      points[i + 1] = points[i + 2];
      points[i + 2] = b;
    }
    assertThat(Npy.readTexts(file(array(">U3", "(2, 1)", points)))).containsExactly("ä😀", " 7");
    byte[] bytes = {'a', 0, 0, (byte) 0xc3, (byte) 0xa4, 0, (byte) 0xe4, 'b', 'c', 0, 0, 0};
    assertThat(Npy.readTexts(file(array("|S3", "(4,)", bytes))))
        .containsExactly("a", "ä", "äbc", "");
    assertThat(Npy.readTexts(file(array("|b1", "(2,)", (byte) 1, (byte) 0))))
        .containsExactly("True", "False");
    assertThat(
            Npy.readTexts(
                file(array("<f4", "()", (byte) 0xcd, (byte) 0xcc, (byte) 0xcc, (byte) 0x3d))))
        .containsExactly("0.1");
    assertThat(Npy.readTexts(file(array("<f2", "()", (byte) 0, (byte) 0xc0))))
        .containsExactly("-2");
    Path broken = file(array("<U1", "(1,)", (byte) 0, (byte) 0, (byte) 0x11, (byte) 0));
    refused(
        () -> Npy.readTexts(broken),
        broken
            + ": element 0 is no text: it has the code 1114112, which is no character; the file is"
            + " damaged");
  }

  @Test
  void readsFortranOrderOfEveryWidth() throws IOException {
    byte[] values = new byte[24];
    ByteBuffer buffer = ByteBuffer.wrap(values);
    for (int i = 0; i < 12; i++) {
      buffer.putShort((short) i);
    }
    Path path =
        file(npy(1, "{'descr': '>i2', 'fortran_order': True, 'shape': (2, 3, 2), }", values));
    assertThat(Npy.read(path).toInts()).containsExactly(0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11);
    Path texts =
        file(
            npy(
                1,
                "{'descr': '|S1', 'fortran_order': True, 'shape': (2, 2), }",
                "abcd".getBytes(StandardCharsets.UTF_8)));
    assertThat(Npy.readTexts(texts)).containsExactly("a", "c", "b", "d");
  }

  @Test
  void refusesOtherTypesByName() throws IOException {
    refusedFile(
        array("<c8", "(1,)", new byte[8]),
        ": holds complex numbers (<c8), which are not read; save a.real and a.imag as arrays of"
            + " their own");
    refusedFile(
        array("|O", "(1,)", new byte[8]),
        ": holds Python objects (|O), which are not read as they could run code; save numbers, or"
            + " texts by a.astype(str)");
    refusedFile(
        array("<M8[D]", "(1,)", new byte[8]),
        ": holds dates (<M8[D]), which are not read; save numbers by a.astype('int64') or texts by"
            + " a.astype(str)");
    refusedFile(
        array("<m8[ns]", "(1,)", new byte[8]),
        ": holds durations (<m8[ns]), which are not read; save numbers by a.astype('int64')");
    refusedFile(
        array("|V8", "(1,)", new byte[8]),
        ": holds raw bytes (|V8), which are not read; save numbers by a.astype('float32')");
    refusedFile(
        npy(1, "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}"),
        ": holds records of several fields, which are not read; save each field as an array of its"
            + " own");
    String known =
        " is not read; f2, f4, f8, i1 to i8, u1 to u8, b1 and texts (U, S) are: convert the array"
            + " by a.astype('float64') or a.astype(str)";
    refusedFile(array("<f16", "(1,)", new byte[16]), ": element type \"<f16\"" + known);
    refusedFile(array("<i3", "(1,)", new byte[3]), ": element type \"<i3\"" + known);
    refusedFile(array("<U0", "(2147483647,)"), ": element type \"<U0\"" + known);
    refusedFile(array("<U99999999999", "(1,)"), ": element type \"<U99999999999\"" + known);
    refusedFile(array("", "(1,)"), ": element type \"\"" + known);
    refusedFile(array("\u0007<f4", "(1,)"), ": element type \"?<f4\"" + known);
  }

  @Test
  void refusesHeadersThatAskForMoreThanThereIs() throws IOException {
    refusedFile(
        array("<U2147483647", "(2147483647, 2)", new byte[8]),
        ": the shape [2147483647, 2] of <U2147483647 needs 36893488113059364872 bytes, at most 8"
            + " are there; the file is truncated or damaged");
    refusedFile(
        npy(1, "{'descr': '<i8', 'fortran_ord\r\ner': False, 'shape': (1,)}"),
        ": broken header: it has the unknown key \"fortran_ord??er\" (character 35)");
    refusedFile(
        npy(1, "{'" + "k".repeat(500) + "': False}"),
        ": broken header: it has the unknown key \"" + "k".repeat(80) + "…\" (character 504)");
  }

  private Path zip(Map<String, byte[]> members) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> member : members.entrySet()) {
        zip.putNextEntry(new ZipEntry(member.getKey()));
        zip.write(member.getValue());
        zip.closeEntry();
      }
    }
    return Files.write(folder.resolve("y.npz"), bytes.toByteArray());
  }

  @Test
  void readsWhatItCanOfAnArchive() throws IOException {
    Map<String, byte[]> members = new LinkedHashMap<>();
    members.put("x.npy", array("<i2", "(2,)", (byte) 1, (byte) 0, (byte) 2, (byte) 0));
    members.put("names.npy", array("|S2", "(2,)", "noja".getBytes(StandardCharsets.UTF_8)));
    members.put("objects.npy", array("|O", "(1,)", new byte[3]));
    members.put("short.npy", array("<f8", "(2,)", new byte[12]));
    members.put("evil.class", new byte[] {1});
    members.put("a/ids.npy", array("<i8", "(1,)", -1, -1, -1, -1, -1, -1, -1, 127));
    Path path = zip(members);
    NpyArchive archive = Npy.readArchive(path);
    assertThat(archive.keySet()).containsExactly("x", "a/ids");
    assertThat(archive.get("x")).isEqualTo(NDArray.of(new int[] {1, 2}, Shape.of(2)));
    assertThat(archive.texts("names")).containsExactly("no", "ja");
    assertThat(archive.texts("a/ids")).containsExactly("9223372036854775807");
    assertThat(archive.get("nothing")).isNull();
    assertThat(archive.unreadable())
        .containsExactly(
            Map.entry(
                "names",
                path
                    + ", names.npy: holds texts (|S2), not numbers; readTexts gives them as"
                    + " labels"),
            Map.entry(
                "objects",
                path
                    + ", objects.npy: holds Python objects (|O), which are not read as they could"
                    + " run code; save numbers, or texts by a.astype(str)"),
            Map.entry(
                "short",
                path
                    + ", short.npy: the shape [2] of <f8 needs 16 bytes, at most 12 are there; the"
                    + " file is truncated or damaged"),
            Map.entry(
                "evil.class",
                path + ", evil.class: not an array; arrays in an archive end in .npy"));
    refused(
        () -> archive.get("short"),
        path
            + ", short.npy: the shape [2] of <f8 needs 16 bytes, at most 12 are there; the file is"
            + " truncated or damaged");
    refused(() -> archive.texts("objects"), archive.unreadable().get("objects"));
    refused(
        () -> archive.texts("name"),
        path + ": no array \"name\"; the nearest of the 6 are \"names\", \"x\", \"a/ids\"");
  }

  private static byte[] array(String type, String shape, int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return array(type, shape, bytes);
  }

  @Test
  void readsStoredMembersAndChecksTheirSums() throws IOException {
    byte[] member = array("|u1", "(3,)", (byte) 7, (byte) 8, (byte) 9);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (String name : new String[] {"a.npy", "b.npy"}) {
        ZipEntry entry = new ZipEntry(name);
        CRC32 sum = new CRC32();
        sum.update(member);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(member.length);
        entry.setCrc(sum.getValue());
        zip.putNextEntry(entry);
        zip.write(member);
      }
    }
    byte[] file = bytes.toByteArray();
    Path path = Files.write(folder.resolve("s.npz"), file);
    assertThat(Npy.readArchive(path).keySet()).containsExactly("a", "b");
    file[30 + 5 + member.length - 1] ^= 1; // the last value of the first member
    NpyArchive damaged = Npy.readArchive(Files.write(path, file));
    assertThat(damaged.keySet()).containsExactly("b");
    assertThat(damaged.unreadable().get("a"))
        .isEqualTo(path + ", a.npy: the checksum of the values is wrong; the archive is damaged");
  }

  @Test
  void refusesEveryTruncationOfAnArchive() throws IOException {
    byte[] file = Files.readAllBytes(zip(Map.of("x.npy", array("<f4", "(9,)", new byte[36]))));
    for (int length = 0; length < file.length; length++) {
      Path cut = Files.write(folder.resolve("cut.npz"), Arrays.copyOf(file, length));
      refused(
          () -> Npy.readArchive(cut),
          cut + ": not an .npz archive, or a broken one; write or copy it again");
    }
  }

  @Test
  void believesNoSizeThatAnArchiveCannotHold() throws IOException {
    byte[] file =
        Files.readAllBytes(
            zip(Map.of("x.npy", array("|u1", "(100000, 10000)", new byte[20_000_000]))));
    Path path = Files.write(folder.resolve("bomb.npz"), file);
    NpyArchive archive = Npy.readArchive(path);
    assertThat(archive).isEmpty();
    assertThat(archive.unreadable().get("x"))
        .startsWith(path + ", x.npy: the shape [100000, 10000] of |u1 needs 1000000000 bytes, at");
  }
}
