package org.cajal.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
  @TempDir Path folder;

  private static Map<String, NDArray> sample() {
    Map<String, NDArray> tensors = new LinkedHashMap<>();
    tensors.put("mask", NDArray.of(new boolean[] {true, false, true}, Shape.of(3)));
    tensors.put(
        "0/weight",
        NDArray.of(new float[] {1, -0f, Float.NaN, Float.MIN_VALUE, 5, 6}, Shape.of(2, 3)));
    tensors.put("scalar", NDArray.scalar(DType.F64, Math.PI));
    tensors.put("empty", NDArray.zeros(DType.I32, Shape.of(0, 4)));
    tensors.put("index", NDArray.of(new long[] {Long.MIN_VALUE, 7}, Shape.of(2)));
    tensors.put("täg \"x\"\n", NDArray.of(new int[] {-3}, Shape.of(1)));
    return tensors;
  }

  private Path file(String header, int dataBytes) throws IOException {
    return file(header.getBytes(StandardCharsets.UTF_8), new byte[dataBytes]);
  }

  private Path file(byte[] header, byte[] data) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).array());
    out.write(header);
    out.write(data);
    return Files.write(folder.resolve("m.safetensors"), out.toByteArray());
  }

  private static void assertRefused(Path file, String message) {
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(CajalException.class)
        .hasMessage(file + ": " + message);
  }

  @Test
  void givesBackWhatWasWritten() {
    Path file = folder.resolve("m.safetensors");
    Map<String, String> metadata = Map.of("architecture", "{\"type\":\"dense\"}", "é", "");
    Safetensors.write(file, sample(), metadata);
    Safetensors.Contents contents = Safetensors.read(file);
    assertThat(contents.tensors()).isEqualTo(sample());
    assertThat(contents.metadata()).isEqualTo(metadata);
  }

  @Test
  void givesBackNothingFromNothing() {
    Path file = folder.resolve("m.safetensors");
    Safetensors.write(file, Map.of(), Map.of());
    assertThat(Safetensors.read(file)).isEqualTo(new Safetensors.Contents(Map.of(), Map.of()));
    assertThat(file).hasSize(64);
  }

  @Test
  void writesEqualContentsAsEqualBytesAligned() throws IOException {
    Map<String, NDArray> backwards = new LinkedHashMap<>();
    List.copyOf(sample().entrySet())
        .reversed()
        .forEach(e -> backwards.put(e.getKey(), e.getValue()));
    Path a = folder.resolve("a");
    Path b = folder.resolve("b");
    Safetensors.write(a, sample(), Map.of("k", "1", "j", "2"));
    Safetensors.write(b, backwards, Map.of("j", "2", "k", "1"));
    byte[] bytes = Files.readAllBytes(a);
    assertThat(Files.readAllBytes(b)).isEqualTo(bytes);
    int header = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    assertThat((8 + header) % 64).isZero();
    assertThat(new String(bytes, 8, header, StandardCharsets.UTF_8).strip())
        .isEqualTo(
            "{\"__metadata__\":{\"cajal.crc32c\":\"36ba4c6e\",\"j\":\"2\",\"k\":\"1\"},"
                + "\"index\":{\"dtype\":\"I64\",\"shape\":[2],\"data_offsets\":[0,16]},"
                + "\"scalar\":{\"dtype\":\"F64\",\"shape\":[],\"data_offsets\":[16,24]},"
                + "\"0/weight\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[24,48]},"
                + "\"empty\":{\"dtype\":\"I32\",\"shape\":[0,4],\"data_offsets\":[48,48]},"
                + "\"täg \\\"x\\\"\\n\":{\"dtype\":\"I32\",\"shape\":[1],\"data_offsets\":[48,52]},"
                + "\"mask\":{\"dtype\":\"BOOL\",\"shape\":[3],\"data_offsets\":[52,55]}}");
  }

  @Test
  void convertsOtherElementTypes() throws IOException {
    ByteBuffer data = ByteBuffer.allocate(17).order(ByteOrder.LITTLE_ENDIAN);
    data.putShort((short) 0x3C00).putShort((short) 0xC000); // F16: 1, -2
    data.putShort((short) 0x3FC0); // BF16: 1.5
    data.putShort((short) -5).putShort((short) 65535); // I16, U16
    data.putInt(-1); // U32
    data.put((byte) -7).put((byte) 255); // I8, U8
    data.put((byte) 1);
    String header =
        "{\"f16\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,4]},"
            + "\"bf16\":{\"dtype\":\"BF16\",\"shape\":[],\"data_offsets\":[4,6]},"
            + "\"i16\":{\"dtype\":\"I16\",\"shape\":[1],\"data_offsets\":[6,8]},"
            + "\"u16\":{\"dtype\":\"U16\",\"shape\":[1],\"data_offsets\":[8,10]},"
            + "\"u32\":{\"dtype\":\"U32\",\"shape\":[1],\"data_offsets\":[10,14]},"
            + "\"i8\":{\"dtype\":\"I8\",\"shape\":[1],\"data_offsets\":[14,15]},"
            + "\"u8\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[15,16]},"
            + "\"bool\":{\"dtype\":\"BOOL\",\"shape\":[1],\"data_offsets\":[16,17]}}";
    Map<String, NDArray> tensors =
        Safetensors.read(file(header.getBytes(StandardCharsets.UTF_8), data.array())).tensors();
    assertThat(tensors)
        .isEqualTo(
            Map.of(
                "f16", NDArray.of(new float[] {1, -2}, Shape.of(2)),
                "bf16", NDArray.of(new float[] {1.5f}, Shape.SCALAR),
                "i16", NDArray.of(new int[] {-5}, Shape.of(1)),
                "u16", NDArray.of(new int[] {65535}, Shape.of(1)),
                "u32", NDArray.of(new long[] {4294967295L}, Shape.of(1)),
                "i8", NDArray.of(new int[] {-7}, Shape.of(1)),
                "u8", NDArray.of(new int[] {255}, Shape.of(1)),
                "bool", NDArray.of(new boolean[] {true}, Shape.of(1))));
  }

  @Test
  void alignsWhatTheFileDoesNot() throws IOException {
    String header = "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
    for (int padding = 0; padding < 4; padding++) {
      NDArray a = Safetensors.read(file(header + " ".repeat(padding), 4)).tensors().get("a");
      assertThat(a).isEqualTo(NDArray.zeros(DType.F32, Shape.of(1)));
      assertThat(a.memory().address() % 4).isZero();
    }
  }

  @Test
  void saysWhatIsWrongWithTheFile() throws IOException {
    Path file = folder.resolve("m.safetensors");
    assertRefused(file, "cannot be read: no such file");
    assertRefused(folder, "not a safetensors file but a folder");
    assertRefused(
        Files.write(file, new byte[0]),
        "not a safetensors file: it has 0 bytes, the shortest one has 10");
    assertRefused(
        Files.writeString(file, "PK\3\4 a zip file"),
        "not a safetensors file: its first 8 bytes ask for a header of 8800140462016121680 bytes; 2"
            + " to 100000000 are allowed");
    assertRefused(
        Files.write(
            file, ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN).putLong(-1).array()),
        "not a safetensors file: its first 8 bytes ask for a header of 18446744073709551615 bytes;"
            + " 2 to 100000000 are allowed");
    assertRefused(
        Files.write(
            file, ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN).putLong(12).array()),
        "not a safetensors file: its header does not begin with {");
    assertRefused(
        Files.write(
            file,
            ByteBuffer.allocate(20)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(500)
                .put((byte) '{')
                .array()),
        "truncated: the header has 500 bytes, the file only 12 more");
    assertRefused(file("{\"a\":", 0), "not valid JSON: the text ends too early (line 1, column 6)");
    assertRefused(
        file(new byte[] {'{', '"', (byte) 0xFF, '"', ':', '1', '}'}, new byte[0]),
        "not a safetensors file: its header is not UTF-8 text");
    assertRefused(file("{\"a\":1}", 0), "field \"a\" is the number 1; an object is expected");
    assertRefused(
        file("{\"__metadata__\":{\"a\":1}}", 0),
        "field \"__metadata__.a\" is the number 1; a text is expected");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"a\":{\"shape\":[1],\"data_offsets\":[0,4]} | 4 | field \"a.dtype\" is missing; a text is"
            + " expected",
        "\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]} | 4 | field \"a.shape\" is missing; a"
            + " list is expected",
        "\"a\":{\"dtype\":\"F32\",\"shape\":[1]} | 4 | field \"a.data_offsets\" is missing; a list"
            + " is expected",
        "\"a\":{\"dtype\":\"F32 \",\"shape\":[1],\"data_offsets\":[0,4]} | 4 | tensor \"a\" has"
            + " element type \"F32 \", which the format does not know; it knows F64, F32, F16,"
            + " BF16, F8_E4M3, F8_E5M2, F8_E4M3FNUZ, F8_E5M2FNUZ, I64, I32, I16, I8, U64, U32, U16,"
            + " U8, BOOL, C64, F8_E8M0, F6_E2M3, F6_E3M2, F4",
        "\"a\":{\"dtype\":\"F4\",\"shape\":[3],\"data_offsets\":[0,2]} | 2 | tensor \"a\" is F4"
            + " [3], which needs 12 bits, no whole number of bytes, but its data_offsets [0, 2]"
            + " hold 2",
        "\"a\":null | 0 | field \"a\" is null; an object is expected",
        "\"__metadata__\":{\"a\":null} | 0 | field \"__metadata__.a\" is null; a text is expected",
        "\"__metadata__\":[] | 0 | field \"__metadata__\" is a list; an object is expected",
        "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]} | 4"
            + " | tensor \"a\" is F32 [2], which needs 8 bytes, but its data_offsets [0, 4] hold 4",
        "\"a\":{\"dtype\":\"F64\",\"shape\":[2147483647,2147483647,9],\"data_offsets\":[0,4]} | 4 |"
            + " tensor \"a\" is F64 [2147483647, 2147483647, 9], which needs 332041393017534283848"
            + " bytes, but its data_offsets [0, 4] hold 4",
        "\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]} | 4"
            + " | tensor \"a\" has an axis of size -1; 0 to 2^64 - 1 are allowed",
        "\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,4]} | 4 |"
            + " tensor \"a\" has an axis of size 99999999999999999999; 0 to 2^64 - 1 are allowed",
        "\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]} | 4"
            + " | field \"a.shape\" holds the number 1.5; integers are expected",
        "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]} | 4"
            + " | tensor \"a\" has 1 data_offsets; two are expected, begin and end",
        "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,4]} | 8"
            + " | tensor \"a\" has data_offsets [8, 4]; 0 <= begin <= end is expected",
        "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[-4,0]} | 8"
            + " | tensor \"a\" has data_offsets [-4, 0]; 0 <= begin <= end is expected",
        "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]} | 5"
            + " | truncated: the tensors need 8 bytes of data, the file has 5",
        "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]} | 8"
            + " | tensor \"a\" leaves a hole of 4 bytes before it; none is allowed",
        "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]} | 7 | 3 bytes at the end"
            + " belong to no tensor",
        "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}"
            + " | 8 | tensor \"b\" overlaps with tensor \"a\"",
        "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}"
            + " | 4 | tensor \"b\" overlaps with tensor \"a\"",
        "\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]},\"a\":{} | 4"
            + " | the name \"a\" occurs twice (line 1, column 54)",
      })
  void refusesHeadersThatLie(String entries, int dataBytes, String message) throws IOException {
    assertRefused(file("{" + entries + "}", dataBytes), message);
  }

  @Test
  void refusesTooManyAxes() throws IOException {
    String ones = "1,".repeat(64) + "1";
    assertRefused(
        file("{\"a\":{\"dtype\":\"F32\",\"shape\":[" + ones + "],\"data_offsets\":[0,4]}}", 4),
        "tensor \"a\" has 65 axes; at most 64 are allowed");
  }

  @Test
  void readsAMissingMetadataAsNone() throws IOException {
    Path file =
        file(
            " {\"__metadata__\":null,\"a\":{\"dtype\":\"I32\",\"shape\":[],\"data_offsets\":[0,4]}}"
                + " ",
            4);
    assertThat(Safetensors.read(file))
        .isEqualTo(
            new Safetensors.Contents(
                Map.of("a", NDArray.zeros(DType.I32, Shape.SCALAR)), Map.of()));
  }

  @Test
  void convertsNumbersOfEightBits() throws IOException {
    String types = "";
    int at = 0;
    for (String type : List.of("F8_E4M3", "F8_E5M2", "F8_E4M3FNUZ", "F8_E5M2FNUZ")) {
      types +=
          (at == 0 ? "{\"" : ",\"")
              + type
              + "\":{\"dtype\":\""
              + type
              + "\",\"shape\":[8],\"data_offsets\":["
              + at
              + ","
              + (at + 8)
              + "]}";
      at += 8;
    }
    byte[] bits = {0x00, (byte) 0x80, 0x01, 0x38, 0x7e, 0x7f, 0x7c, (byte) 0xfb};
    ByteBuffer data = ByteBuffer.allocate(32).put(bits).put(bits).put(bits).put(bits);
    Map<String, NDArray> tensors =
        Safetensors.read(file((types + "}").getBytes(StandardCharsets.UTF_8), data.array()))
            .tensors();
    float nan = Float.NaN;
    float inf = Float.POSITIVE_INFINITY;
    assertThat(tensors.get("F8_E4M3").toFloats())
        .containsExactly(0f, -0f, 0x1p-9f, 1f, 448f, nan, 384f, -352f);
    assertThat(tensors.get("F8_E5M2").toFloats())
        .containsExactly(0f, -0f, 0x1p-16f, 0.5f, nan, nan, inf, -57344f);
    assertThat(tensors.get("F8_E4M3FNUZ").toFloats())
        .containsExactly(0f, nan, 0x1p-10f, 0.5f, 224f, 240f, 192f, -176f);
    assertThat(tensors.get("F8_E5M2FNUZ").toFloats())
        .containsExactly(0f, nan, 0x1p-17f, 0.25f, 49152f, 57344f, 32768f, -28672f);
  }

  @Test
  void leavesOutByNameWhatIsNotRead() throws IOException {
    String header =
        "{\"c\":{\"dtype\":\"C64\",\"shape\":[1],\"data_offsets\":[0,8]},"
            + "\"u\":{\"dtype\":\"U64\",\"shape\":[2],\"data_offsets\":[8,24]},"
            + "\"v\":{\"dtype\":\"U64\",\"shape\":[1],\"data_offsets\":[24,32]},"
            + "\"four\":{\"dtype\":\"F4\",\"shape\":[2],\"data_offsets\":[32,33]},"
            + "\"six\":{\"dtype\":\"F6_E2M3\",\"shape\":[4],\"data_offsets\":[33,36]},"
            + "\"m\":{\"dtype\":\"BOOL\",\"shape\":[3],\"data_offsets\":[36,39]},"
            + "\"wide\":{\"dtype\":\"F32\",\"shape\":[0,5000000000],\"data_offsets\":[39,39]},"
            + "\"w\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[39,40]}}";
    ByteBuffer data = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN);
    data.putLong(8, 5).putLong(16, -1).putLong(24, Long.MAX_VALUE).put(38, (byte) 200);
    data.put(39, (byte) 255);
    Path file = file(header.getBytes(StandardCharsets.UTF_8), data.array());
    Safetensors.Contents contents = Safetensors.read(file);
    assertThat(contents.tensors())
        .isEqualTo(
            Map.of(
                "v", NDArray.of(new long[] {Long.MAX_VALUE}, Shape.of(1)),
                "w", NDArray.of(new int[] {255}, Shape.of(1))));
    String read =
        ", which is not read; read are F64, F32, F16, BF16, F8_E4M3, F8_E5M2, F8_E4M3FNUZ,"
            + " F8_E5M2FNUZ, I64, I32, I16, I8, U64, U32, U16, U8, BOOL";
    assertThat(contents.unreadable())
        .containsExactly(
            Map.entry("c", file + ": tensor \"c\" has element type C64" + read),
            Map.entry(
                "u",
                file
                    + ": tensor \"u\" holds the unsigned number 18446744073709551615 at element 1;"
                    + " numbers up to 9223372036854775807 are read"),
            Map.entry("four", file + ": tensor \"four\" has element type F4" + read),
            Map.entry("six", file + ": tensor \"six\" has element type F6_E2M3" + read),
            Map.entry(
                "m",
                file
                    + ": tensor \"m\" holds the truth value 200 at element 2; 0 and 1 are allowed"),
            Map.entry(
                "wide",
                file
                    + ": tensor \"wide\" has an axis of size 5000000000; sizes up to 2147483647 are"
                    + " read"));
    assertThat(contents.tensor("w").scalar()).isEqualTo(255);
    assertThatThrownBy(() -> contents.tensor("c"))
        .isInstanceOf(CajalException.class)
        .hasMessage(file + ": tensor \"c\" has element type C64" + read);
    assertThatThrownBy(() -> contents.tensor("x\n"))
        .isInstanceOf(CajalException.class)
        .hasMessage("[safetensors] there is no tensor \"x?\"");
    assertThatThrownBy(contents::complete)
        .isInstanceOf(CajalException.class)
        .hasMessage(file + ": tensor \"c\" has element type C64" + read);
  }

  @Test
  void refusesEveryTruncation() throws IOException {
    Path file = folder.resolve("m.safetensors");
    Safetensors.write(file, sample(), Map.of("k", "v"));
    byte[] bytes = Files.readAllBytes(file);
    for (int n = 0; n < bytes.length; n++) {
      Path cut = Files.write(folder.resolve("cut"), Arrays.copyOf(bytes, n));
      assertThatThrownBy(() -> Safetensors.read(cut))
          .isInstanceOf(CajalException.class)
          .hasMessageStartingWith(cut + ": ");
    }
  }

  @Test
  void neverFailsOtherwiseOnDamagedFiles() throws IOException {
    Path file = folder.resolve("m.safetensors");
    Safetensors.write(file, sample(), Map.of("k", "v"));
    byte[] bytes = Files.readAllBytes(file);
    SplittableRandom random = new SplittableRandom(3);
    int refused = 0;
    for (int i = 0; i < 4000; i++) {
      byte[] damaged = bytes.clone();
      for (int k = random.nextInt(1, 5); k > 0; k--) {
        byte value = (byte) (random.nextBoolean() ? '0' + random.nextInt(10) : random.nextInt(256));
        damaged[random.nextInt(damaged.length)] = value;
      }
      Files.write(file, damaged);
      try {
        for (NDArray array : Safetensors.read(file).tensors().values()) {
          assertThat(array.toDoubles()).hasSize((int) array.size());
        }
      } catch (CajalException e) {
        refused++;
        assertThat(e.getMessage())
            .startsWith(file + ": ")
            .doesNotContain("\n")
            .hasSizeLessThan(600);
      }
    }
    assertThat(refused).isGreaterThan(2000);
  }

  @Test
  void keepsTheOldFileWhenTheDiskIsFull() throws IOException {
    Path file = folder.resolve("m.safetensors");
    Safetensors.write(file, sample(), Map.of());
    Safetensors.Contents old = Safetensors.read(file);
    Map<String, NDArray> large = Map.of("w", NDArray.zeros(DType.F32, Shape.of(100_000)));
    assertThatThrownBy(
            () -> Safetensors.write(file, large, Map.of(), AtomicFilesTest.diskWith(200_000)))
        .isInstanceOf(CajalException.class)
        .hasMessage(file + ": cannot be written: the disk is full; the old file is unchanged");
    assertThat(Safetensors.read(file)).isEqualTo(old);
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void keepsValuesWhenTheFileIsReplaced() {
    Path file = folder.resolve("m.safetensors");
    Safetensors.write(file, Map.of("a", NDArray.of(new float[] {1, 2}, Shape.of(2))), Map.of());
    NDArray old = Safetensors.read(file).tensors().get("a");
    Safetensors.write(file, Map.of("a", NDArray.of(new float[] {3}, Shape.of(1))), Map.of());
    assertThat(old.toFloats()).containsExactly(1, 2);
  }

  @Test
  void refusesATensorCalledMetadata() {
    Path file = folder.resolve("m.safetensors");
    assertThatThrownBy(
            () ->
                Safetensors.write(
                    file, Map.of("__metadata__", NDArray.scalar(DType.F32, 1)), Map.of()))
        .isInstanceOf(CajalException.class)
        .hasMessage(file + ": a tensor cannot be called __metadata__; the format keeps that name");
    assertThat(file).doesNotExist();
  }

  @Test
  void readsTheGoldenFiles() throws IOException {
    Path golden = Path.of(System.getProperty("cajal.golden", "../shared/golden"));
    assumeTrue(
        Files.isDirectory(golden),
        "skipped: no golden files at " + golden + " (set -Dcajal.golden=FOLDER)");
    try (var files = Files.newDirectoryStream(golden, "*.safetensors")) {
      for (Path file : files) {
        Safetensors.Contents contents = Safetensors.read(file);
        assertThat(contents.metadata()).containsEntry("format", "golden/1");
        assertThat(contents.tensors()).isNotEmpty();
        Path copy = folder.resolve("copy");
        Safetensors.write(copy, contents.tensors(), contents.metadata());
        assertThat(Safetensors.read(copy)).isEqualTo(contents);
        assertThat(Sha256.of(Safetensors.read(copy).tensors()))
            .isEqualTo(Sha256.of(contents.tensors()));
      }
    }
  }

  @Test
  void refusesWhatDoesNotFitItsChecksum() throws IOException {
    Path file = folder.resolve("m.safetensors");
    Safetensors.write(file, sample(), Map.of("k", "1"));
    byte[] bytes = Files.readAllBytes(file);
    String damaged =
        file
            + ": damaged: its bytes do not fit its checksum; take another copy, or, if a program"
            + " changed it on purpose, let that remove \"cajal.crc32c\" from the metadata";
    bytes[bytes.length - 30] ^= 1;
    Files.write(file, bytes);
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(CajalException.class)
        .hasMessage(damaged);
    bytes[bytes.length - 30] ^= 1;
    int name = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("cajal.crc32c");
    bytes[name] ^= 2;
    Files.write(file, bytes);
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(CajalException.class)
        .hasMessage(damaged);
  }

  @Test
  void readsOneStateOfAFileThatIsWrittenInPlaceOrNone() throws Exception {
    Path file = folder.resolve("m.safetensors");
    Map<String, NDArray> zeros = Map.of("w", NDArray.zeros(DType.F32, Shape.of(200_000)));
    NDArray filled = NDArray.zeros(DType.F32, Shape.of(200_000));
    for (int i = 0; i < 200_000; i++) {
      filled.set(i, 1);
    }
    Safetensors.write(file, zeros, Map.of());
    byte[] first = Files.readAllBytes(file);
    Safetensors.write(file, Map.of("w", filled), Map.of());
    byte[] second = Files.readAllBytes(file);
    Thread writer =
        new Thread(
            () -> {
              for (int i = 0; !Thread.interrupted(); i++) {
                try {
                  Files.write(file, i % 2 == 0 ? first : second);
                } catch (IOException e) {
                  return; // interrupted
                }
              }
            });
    writer.start();
    try {
      for (int i = 0; i < 300; i++) {
        try {
          NDArray read = Safetensors.read(file).tensor("w");
          assertThat(read).isIn(zeros.get("w"), filled);
        } catch (CajalException e) {
          assertThat(e.getMessage()).startsWith(file + ": ");
        }
      }
    } finally {
      writer.interrupt();
      writer.join();
    }
  }
}
