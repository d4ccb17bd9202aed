package org.cajal.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.cajal.type.CajalException;
import org.jspecify.annotations.Nullable;

/**
 * Fetches a file once: streamed into a temporary file, verified by its SHA-256, then renamed; never
 * half a file in the cache.
 */
final class Download {
  private static final long MOST_BYTES = 1L << 30;
  private static final Duration CONNECT = Duration.ofSeconds(15);
  private static final Duration REQUEST = Duration.ofMinutes(5);

  private Download() {}

  /**
   * The file in the cache folder, fetched from the first address that gives it if it is not there
   * yet.
   *
   * @param set the name for messages
   * @param sum the expected SHA-256, in lower-case hexadecimal
   * @throws CajalException if no address gives the file with that sum, or the folder cannot be
   *     written
   */
  static Path cached(String set, String file, List<String> addresses, String sum, Path folder) {
    Path target = folder.resolve(file);
    if (Files.isRegularFile(target)) {
      return target;
    }
    String failure = "";
    for (String address : addresses) {
      URI uri = URI.create(address + file);
      @Nullable Path partial = null;
      try {
        Files.createDirectories(folder);
        partial = Files.createTempFile(folder, file, ".part");
        String found = fetch(uri, partial);
        if (found.equals(sum)) {
          Files.move(
              partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
          return target;
        }
        failure = uri + " gives another file (SHA-256 " + found + ", " + sum + " is expected)";
      } catch (IOException e) {
        failure = uri + ": " + reason(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CajalException("[" + set + "] the download was interrupted; start it again", e);
      } finally {
        delete(partial);
      }
    }
    throw new CajalException(
        "["
            + set
            + "] cannot be downloaded: "
            + failure
            + "; go online, or put the files of "
            + set
            + " into a folder and name it (or set CAJAL_DATA)");
  }

  private static String fetch(URI uri, Path partial) throws IOException, InterruptedException {
    HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
    try (client) {
      HttpRequest request = HttpRequest.newBuilder(uri).timeout(REQUEST).build();
      HttpResponse<InputStream> response =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream in = response.body()) {
        if (response.statusCode() != 200) {
          throw new IOException("HTTP status " + response.statusCode());
        }
        return store(in, partial);
      }
    }
  }

  private static String store(InputStream in, Path partial) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    byte[] buffer = new byte[1 << 16];
    long total = 0;
    try (OutputStream out = Files.newOutputStream(partial)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        total += n;
        if (total > MOST_BYTES) {
          throw new IOException("more than " + MOST_BYTES + " bytes");
        }
        digest.update(buffer, 0, n);
        out.write(buffer, 0, n);
      }
    }
    try (FileChannel channel = FileChannel.open(partial, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static String reason(IOException e) {
    String message = e.getMessage();
    return message == null ? "no connection" : message;
  }

  private static void delete(@Nullable Path partial) {
    if (partial != null) {
      try {
        Files.deleteIfExists(partial);
      } catch (IOException e) {
        System.getLogger(Download.class.getName())
            .log(System.Logger.Level.WARNING, "cannot delete " + partial, e);
      }
    }
  }
}
