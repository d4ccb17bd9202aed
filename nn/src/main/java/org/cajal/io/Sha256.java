package org.cajal.io;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.cajal.type.CajalException;
import org.cajal.type.NDArray;

/**
 * SHA-256 (FIPS 180-4) of files and of a model's tensors, as 64 hexadecimal digits in lower case.
 */
public final class Sha256 {
  private static final int CHUNK = 1 << 20;

  private Sha256() {}

  /** The digest of some bytes. */
  public static String of(byte[] bytes) {
    return hex(digest(), ByteBuffer.wrap(bytes));
  }

  /**
   * The digest of a file's bytes.
   *
   * @throws CajalException if the file cannot be read
   */
  public static String of(Path file) {
    MessageDigest digest = digest();
    ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
    try (ReadableByteChannel in = Files.newByteChannel(file)) {
      while (in.read(buffer.clear()) >= 0) {
        digest.update(buffer.flip());
      }
    } catch (IOException e) {
      throw new CajalException(file + ": cannot be read: " + AtomicFiles.reason(e), e);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * The digest of named tensors: of each name, element type, shape and value bits, in the order of
   * the names, whatever the order of the map. Two models have the same digest exactly when their
   * tensors are the same to the bit.
   */
  public static String of(Map<String, NDArray> tensors) {
    MessageDigest digest = digest();
    new TreeMap<>(tensors).forEach((name, array) -> update(digest, name, array));
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void update(MessageDigest digest, String name, NDArray array) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    byte[] type = array.dtype().wireName().getBytes(StandardCharsets.UTF_8);
    int rank = array.shape().rank();
    ByteBuffer head =
        ByteBuffer.allocate(12 + text.length + type.length + 4 * rank)
            .order(ByteOrder.LITTLE_ENDIAN);
    head.putInt(text.length).put(text).putInt(type.length).put(type).putInt(rank);
    for (int dim : array.shape().dims()) {
      head.putInt(dim);
    }
    digest.update(head.flip());
    MemorySegment memory = array.memory();
    for (long at = 0; at < memory.byteSize(); at += CHUNK) {
      digest.update(memory.asSlice(at, Math.min(CHUNK, memory.byteSize() - at)).asByteBuffer());
    }
  }

  private static String hex(MessageDigest digest, ByteBuffer bytes) {
    digest.update(bytes);
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
