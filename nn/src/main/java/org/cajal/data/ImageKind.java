package org.cajal.data;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What a file is by its first bytes, whatever its name says. */
enum ImageKind {
  PNG("PNG", Reading.BUILT_IN, "png", "apng"),
  JPEG("JPEG", Reading.BUILT_IN, "jpg", "jpeg", "jpe", "jfif"),
  BMP("BMP", Reading.BUILT_IN, "bmp", "dib"),
  GIF("GIF", Reading.BUILT_IN, "gif"),
  TIFF("TIFF", Reading.PLUG_IN, "tif", "tiff"),
  WEBP("WebP", Reading.PLUG_IN, "webp"),
  HEIC("HEIC", Reading.NONE, "heic", "heif"),
  AVIF("AVIF", Reading.NONE, "avif"),
  JPEG_2000("JPEG 2000", Reading.NONE, "jp2", "j2k"),
  JPEG_XL("JPEG XL", Reading.NONE, "jxl"),
  PHOTOSHOP("Photoshop's PSD", Reading.NONE, "psd"),
  ICON("ICO", Reading.NONE, "ico"),
  NETPBM("PBM/PGM/PPM", Reading.NONE, "pbm", "pgm", "ppm", "pnm"),
  SVG("SVG", Reading.NONE, "svg"),
  HTML("an HTML page", Reading.OTHER),
  XML("an XML document", Reading.OTHER),
  PDF("a PDF document", Reading.OTHER),
  ZIP("a ZIP archive", Reading.OTHER),
  GZIP("a gzip archive", Reading.OTHER),
  UNKNOWN("", Reading.OTHER);

  /** How a kind is read. */
  private enum Reading {
    BUILT_IN,
    PLUG_IN,
    NONE,
    OTHER
  }

  /** So many bytes decide; more do not help. */
  static final int START = 512;

  private final String title;
  private final Reading reading;

  /** The endings of its files' names, with a dot before each. */
  private final String endings;

  ImageKind(String title, Reading reading, String... endings) {
    this.title = title;
    this.reading = reading;
    this.endings = endings.length == 0 ? "" : "." + String.join(".", endings) + ".";
  }

  String title() {
    return title;
  }

  /** Whether it is a kind of image, read or not. */
  boolean isImage() {
    return reading != Reading.OTHER;
  }

  boolean isBuiltIn() {
    return reading == Reading.BUILT_IN;
  }

  /** The kinds that are read without more, for sentences: PNG, JPEG, BMP and GIF. */
  static String builtIn() {
    List<String> names =
        Arrays.stream(values()).filter(ImageKind::isBuiltIn).map(ImageKind::title).toList();
    return String.join(", ", names.subList(0, names.size() - 1)) + " and " + names.getLast();
  }

  /** Whether a name ends as those of images do. */
  static boolean isImageName(String name) {
    String ending = "." + ending(name) + ".";
    return ending.length() > 2
        && Arrays.stream(values()).anyMatch(kind -> kind.endings.contains(ending));
  }

  /** The ending of a name in lower case, without the dot; empty where there is none. */
  static String ending(String name) {
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(dot + 1).toLowerCase(Locale.ROOT) : "";
  }

  /** The fault of a file of a kind that is not read, unless a plug-in reads it. */
  BrokenImage refusal() {
    return switch (reading) {
      case PLUG_IN ->
          new BrokenImage(
              title + " is not read",
              "add the ImageIO plug-in imageio-"
                  + name().toLowerCase(Locale.ROOT)
                  + " (TwelveMonkeys) to the class path, or save it as PNG or JPEG");
      case NONE -> new BrokenImage(title + " is not read", "save it as PNG or JPEG");
      case BUILT_IN, OTHER ->
          new BrokenImage(
              title.isEmpty() ? "not an image" : title + ", not an image",
              builtIn() + " are allowed");
    };
  }

  /** The kind of a file by its first {@link #START} bytes. */
  static ImageKind of(byte[] start) {
    ImageBytes bytes = new ImageBytes(UNKNOWN, start);
    if (bytes.hasText(0, "\u0089PNG\r\n\u001a\n")) {
      return PNG;
    }
    if (bytes.hasText(0, "\u00ff\u00d8\u00ff")) {
      return JPEG;
    }
    if (bytes.hasText(0, "GIF87a") || bytes.hasText(0, "GIF89a")) {
      return GIF;
    }
    if (isBmp(start)) {
      return BMP;
    }
    if (bytes.hasText(0, "II*\0")
        || bytes.hasText(0, "MM\0*")
        || bytes.hasText(0, "II+\0")
        || bytes.hasText(0, "MM\0+")) {
      return TIFF;
    }
    if (bytes.hasText(0, "RIFF") && bytes.hasText(8, "WEBP")) {
      return WEBP;
    }
    if (bytes.hasText(4, "ftyp")) {
      return bytes.hasText(8, "avi")
          ? AVIF
          : bytes.hasText(8, "he") || bytes.hasText(8, "mif1") || bytes.hasText(8, "msf1")
              ? HEIC
              : UNKNOWN;
    }
    if (bytes.hasText(0, "\0\0\0\u000cjP  ") || bytes.hasText(0, "\u00ffO\u00ffQ")) {
      return JPEG_2000;
    }
    if (bytes.hasText(0, "\0\0\0\u000cJXL ") || bytes.hasText(0, "\u00ff\n")) {
      return JPEG_XL;
    }
    if (bytes.hasText(0, "8BPS")) {
      return PHOTOSHOP;
    }
    if (bytes.hasText(0, "\0\0\u0001\0") && start.length > 6 && start[4] != 0 && start[5] == 0) {
      return ICON;
    }
    if (start.length > 2
        && start[0] == 'P'
        && start[1] >= '1'
        && start[1] <= '7'
        && (start[2] == '\n' || start[2] == ' ' || start[2] == '\r' || start[2] == '\t')) {
      return NETPBM;
    }
    if (bytes.hasText(0, "%PDF-")) {
      return PDF;
    }
    if (bytes.hasText(0, "PK\u0003\u0004") || bytes.hasText(0, "PK\u0005\u0006")) {
      return ZIP;
    }
    if (bytes.hasText(0, "\u001f\u008b")) {
      return GZIP;
    }
    return markup(start);
  }

  /** "BM" and a header of a known length: two letters alone begin many a text. */
  private static boolean isBmp(byte[] start) {
    if (start.length < 2 || start[0] != 'B' || start[1] != 'M') {
      return false;
    }
    if (start.length < 18) {
      return start.length < 6 || start[5] == 0; // cut short: the size of a text would be huge
    }
    return start[15] == 0 && start[16] == 0 && start[17] == 0 && start[14] >= 12;
  }

  private static ImageKind markup(byte[] start) {
    String text =
        new String(start, 0, Math.min(start.length, START), StandardCharsets.ISO_8859_1)
            .toLowerCase(Locale.ROOT)
            .strip();
    if (text.startsWith("\u00ef\u00bb\u00bf")) {
      text = text.substring(3).strip();
    }
    if (!text.startsWith("<")) {
      return UNKNOWN;
    }
    if (text.contains("<svg")) {
      return SVG;
    }
    if (text.startsWith("<!doctype html") || text.contains("<html") || text.contains("<head")) {
      return HTML;
    }
    return text.startsWith("<?xml") || text.startsWith("<!doctype")
        ? XML
        : text.startsWith("<body") || text.startsWith("<title") || text.startsWith("<!--")
            ? HTML
            : UNKNOWN;
  }
}
