package org.cajal.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cajal.data.BadInput.refused;
import static org.cajal.data.ImageFiles.bytes;
import static org.cajal.data.ImageFiles.chunk;
import static org.cajal.data.ImageFiles.joined;
import static org.cajal.data.ImageFiles.png;
import static org.cajal.data.ImageFiles.sample;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageKindsTest {
  /**
   * JPEG files of 16 × 8 pixels, the left half of one colour and the right of another: four inks,
   * inks as luminance and chrominance, RGB as Adobe marks it. The values were read by Pillow.
   */
  private static final String CMYK =
      "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwADAgIDAgIDAwMDBAMDBAUIBQUEBAUKBwcGCAwKDAwLCgsLDQ4SEA0OEQ4LCxAW"
          + "EBETFBUVFQwPFxgWFBgSFBUU/8AAFAgACAAQBEMRAE0RAFkRAEsRAP/EABcAAQEBAQAAAAAAAAAAAAAAAAgJAAf/"
          + "xAAUEAEAAAAAAAAAAAAAAAAAAAAA/9oADgRDAE0AWQBLAAA/AHqF4/nQg+sg6gz/2Q==";

  private static final String YCCK =
      "/9j/7gAOQWRvYmUAZAAAAAAC/9sAQwADAgIDAgIDAwMDBAMDBAUIBQUEBAUKBwcGCAwKDAwLCgsLDQ4SEA0OEQ4LCxAW"
          + "EBETFBUVFQwPFxgWFBgSFBUU/8AAFAgACAAQBEMRAE0RAFkRAEsRAP/EABkAAAIDAQAAAAAAAAAAAAAAAAcIAAQG"
          + "Cf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAOBEMATQBZAEsAAD8AODRkiPQDi67Oo//Z";

  private static final String ADOBE_RGB =
      "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwADAgIDAgIDAwMDBAMDBAUIBQUEBAUKBwcGCAwKDAwLCgsLDQ4SEA0OEQ4LCxAW"
          + "EBETFBUVFQwPFxgWFBgSFBUU/8AAEQgACAAQA1IRAEcRAEIRAP/EABYAAQEBAAAAAAAAAAAAAAAAAAkIB//EABQQ"
          + "AQAAAAAAAAAAAAAAAAAAAAD/2gAMA1IARwBCAAA/ALAH0koD5kGoP//Z";

  /** A PNG of the same size with the profile of a wide colour space (primaries of Adobe RGB). */
  private static final String WIDE =
      "iVBORw0KGgoAAAANSUhEUgAAABAAAAAICAIAAAB/FOjAAAAA0mlDQ1BJQ0MgUHJvZmlsZQAAeJxjYGC8wwAETAIMDLl5"
          + "JUVB7k4KEZFRCgxIIDG5uIABL/h2jYERRF/Wxa8OK+BMSS1OBtIfgDihvKSghIGBMQDIFkkuKAKxU4BsniKgo4Bs"
          + "kDtE0iHsFhA7CcKeAWIXhQQ5A9lrgGyBdAh7D4idBGGfAbGhdoEAa3lmSioZ7sULEGGHCJOS1IoSECs52QBJfo4E"
          + "A4P/UgYGlj8IMZNeBoYFOgwM/FMRYmqGQGfrMzDsm5NcWlQGtYaRyRhoHgE+AOFUN1EB/pJoAAAAHElEQVR42mM8"
          + "IWfDgA34TJPDKs7EQCIY1UAMAAA2ewIyh9HBzwAAAABJRU5ErkJggg==";

  @TempDir Path folder;

  private Path save(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  /** Red, green and blue of the pixel in the middle of a half. */
  private static int[] colour(Path path, int x) {
    Images.Size size = Images.size(path);
    byte[] all = Images.read(path, 3, size.height(), size.width());
    int plane = size.height() * size.width();
    int at = size.height() / 2 * size.width() + x;
    return new int[] {all[at] & 0xff, all[plane + at] & 0xff, all[2 * plane + at] & 0xff};
  }

  private static void near(int[] actual, int... wanted) {
    for (int c = 0; c < 3; c++) {
      assertThat(actual[c])
          .as(Arrays.toString(actual))
          .isCloseTo(wanted[c], org.assertj.core.data.Offset.offset(2));
    }
  }

  @Test
  void readsInksAndAdobesColours() throws IOException {
    Path cmyk = save("cmyk.jpg", Base64.getDecoder().decode(CMYK));
    near(colour(cmyk, 2), 185, 42, 67);
    near(colour(cmyk, 12), 34, 169, 93);
    Path ycck = save("ycck.jpg", Base64.getDecoder().decode(YCCK));
    near(colour(ycck, 2), 169, 25, 52);
    near(colour(ycck, 12), 18, 152, 76);
    Path adobe = save("adobe.jpg", Base64.getDecoder().decode(ADOBE_RGB));
    near(colour(adobe, 2), 200, 30, 60);
    near(colour(adobe, 12), 20, 180, 90);
  }

  @Test
  void bringsWideColoursToSrgb() throws IOException {
    Path wide = save("wide.png", Base64.getDecoder().decode(WIDE));
    near(colour(wide, 2), 233, 24, 58);
    near(colour(wide, 12), 0, 181, 83);
  }

  @Test
  void readsSixteenBitsPalettesAndTransparency() throws IOException {
    Path grey16 = save("g.png", png(3, 1, 16, 0, bytes(0, 0, 0, 128, 128, 255, 255)));
    assertThat(Images.read(grey16, 1, 1, 3)).isEqualTo(bytes(0, 128, 255));
    Path rgb16 = save("c.png", png(1, 1, 16, 2, bytes(0, 10, 10, 100, 100, 200, 200)));
    assertThat(Images.read(rgb16, 3, 1, 1)).isEqualTo(bytes(10, 100, 200));
    byte[] colours = chunk("PLTE", bytes(10, 20, 30, 200, 100, 0, 1, 2, 3));
    byte[] clear = chunk("tRNS", bytes(255, 0));
    Path palette = save("p.png", png(3, 1, 2, 3, bytes(0, 0b00011000), colours, clear));
    assertThat(Images.read(palette, 3, 1, 3)).isEqualTo(bytes(10, 255, 1, 20, 255, 2, 30, 255, 3));
    Path beyond = save("b.png", png(1, 1, 2, 3, bytes(0, 0b11000000), colours));
    refused(
        () -> Images.read(beyond, 3, 1, 1),
        beyond + ": the PNG data is damaged; copy or download the file again");
    Path greyAlpha = save("a.png", png(2, 1, 8, 4, bytes(0, 100, 255, 100, 0)));
    assertThat(Images.read(greyAlpha, 1, 1, 2)).isEqualTo(bytes(100, 255));
    Path greyClear =
        save("t.png", png(2, 1, 8, 0, bytes(0, 100, 101), chunk("tRNS", bytes(0, 101))));
    assertThat(Images.read(greyClear, 1, 1, 2)).isEqualTo(bytes(100, 255));
    Path filtered = save("f.png", png(2, 2, 8, 0, bytes(1, 10, 5, 4, 3, 1)));
    assertThat(Images.read(filtered, 1, 2, 2)).isEqualTo(bytes(10, 15, 13, 16));
  }

  @Test
  void readsRunLengthsMasksAndRowsFromTheTop() throws IOException {
    byte[] header = // 3 x 2, 8 bits, runs; a palette of two colours
        bytes(
            'B', 'M', 0, 0, 0, 0, 0, 0, 0, 0, 62, 0, 0, 0, 40, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 1,
            0, 8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 30, 20,
            10, 0, 0, 100, 200, 0);
    Path runs = save("r.bmp", joined(header, bytes(3, 1, 0, 0, 1, 0, 0, 2, 1, 0, 1, 1, 0, 1)));
    assertThat(Images.read(runs, 3, 2, 3))
        .isEqualTo(
            bytes(10, 10, 200, 200, 200, 200, 20, 20, 100, 100, 100, 100, 30, 30, 0, 0, 0, 0));
    Path cut = save("cut.bmp", joined(header, bytes(3, 1, 0, 0)));
    refused(
        () -> Images.read(cut, 3, 2, 3),
        cut + ": the BMP data ends early; copy or download the file again");
    byte[] masks = // 2 x -1, 16 bits, 5 6 5
        bytes(
            'B', 'M', 0, 0, 0, 0, 0, 0, 0, 0, 66, 0, 0, 0, 40, 0, 0, 0, 2, 0, 0, 0, 255, 255, 255,
            255, 1, 0, 16, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            0, 0, 0xf8, 0, 0, 0xe0, 7, 0, 0, 0x1f, 0, 0, 0);
    Path masked = save("m.bmp", joined(masks, bytes(0, 0xf8, 0xe0, 7)));
    assertThat(Images.read(masked, 3, 1, 2)).isEqualTo(bytes(255, 0, 0, 255, 0, 0));
  }

  @Test
  void laysAGifOverItsWholeScreen() throws IOException {
    byte[] gif = // a screen of 3 x 1, the picture of 2 x 1 at 1, 0; its second pixel is clear
        joined(
            "GIF89a".getBytes(StandardCharsets.US_ASCII),
            bytes(3, 0, 1, 0, 0x80, 0, 0, 10, 20, 30, 40, 50, 60),
            bytes(0x21, 0xf9, 4, 1, 0, 0, 1, 0),
            bytes(0x2c, 1, 0, 0, 0, 2, 0, 1, 0, 0, 2, 2, 0x44, 0x0a, 0, 0x3b));
    Path path = save("g.gif", gif);
    assertThat(Images.size(path)).isEqualTo(new Images.Size(3, 1));
    assertThat(Images.read(path, 3, 1, 3))
        .isEqualTo(bytes(255, 10, 255, 255, 20, 255, 255, 30, 255));
    gif[34] = 9; // wider than the screen
    Path wide = save("w.gif", gif);
    refused(
        () -> Images.read(wide, 3, 1, 3),
        wide + ": the GIF data is damaged; copy or download the file again");
  }

  @Test
  void turnsAsTheCameraWasHeld() throws IOException {
    // Quarters of the upright picture: top left, top right, bottom left, bottom right.
    int[][] quarters = {
      {40, 100, 60, 120}, {100, 40, 120, 60}, {120, 60, 100, 40}, {60, 120, 40, 100},
      {40, 60, 100, 120}, {60, 40, 120, 100}, {120, 100, 60, 40}, {100, 120, 40, 60}
    };
    for (int orientation = 1; orientation <= 8; orientation++) {
      Path path = save(orientation + ".jpg", ImageFiles.turnedJpeg(orientation));
      Images.Size size = orientation < 5 ? new Images.Size(16, 8) : new Images.Size(8, 16);
      assertThat(Images.size(path)).isEqualTo(size);
      byte[] pixels = Images.read(path, 1, size.height(), size.width());
      int w = size.width();
      int h = size.height();
      int[] seen = {
        pixels[w + 1], pixels[w + w - 2], pixels[(h - 2) * w + 1], pixels[(h - 2) * w + w - 2]
      };
      for (int i = 0; i < 4; i++) {
        assertThat(seen[i])
            .as("orientation %d", orientation)
            .isCloseTo(quarters[orientation - 1][i], org.assertj.core.data.Offset.offset(3));
      }
    }
    Path png = save("e.png", png(2, 1, 8, 0, bytes(0, 10, 20), chunk("eXIf", ImageFiles.tiff(6))));
    assertThat(Images.size(png)).isEqualTo(new Images.Size(1, 2));
    assertThat(Images.read(png, 1, 2, 1)).isEqualTo(bytes(10, 20));
  }

  @Test
  void refusesEveryKindThatIsCutShortAnywhere() throws IOException {
    for (String format : new String[] {"png", "jpg", "bmp", "gif"}) {
      byte[] whole = sample(format);
      Path full = save("full." + format, whole);
      assertThat(Images.read(full, 3, 16, 24)).hasSize(3 * 16 * 24);
      String kind = format.equals("jpg") ? "JPEG" : format.toUpperCase(java.util.Locale.ROOT);
      for (int length : new int[] {30, whole.length / 2, whole.length * 9 / 10, whole.length - 1}) {
        Path cut = save("cut." + format, Arrays.copyOf(whole, length));
        refused(
            () -> Images.read(cut, 3, 16, 24),
            cut + ": the " + kind + " data ends early; copy or download the file again");
      }
    }
  }

  @Test
  void refusesDataThatWasCutInsideOfAFile() throws IOException {
    byte[] jpeg = sample("jpg");
    byte[] half = Arrays.copyOf(jpeg, jpeg.length - 200);
    Path closed = save("closed.jpg", joined(half, bytes(0xff, 0xd9)));
    refused(
        () -> Images.read(closed, 3, 16, 24),
        closed + ": the JPEG data ends early; copy or download the file again");
    byte[] png = sample("png");
    png[png.length / 2] ^= 1;
    Path flipped = save("flipped.png", png);
    refused(
        () -> Images.read(flipped, 3, 16, 24),
        flipped + ": the PNG data is damaged; copy or download the file again");
    byte[] gif = sample("gif");
    Arrays.fill(gif, gif.length * 3 / 4, gif.length - 1, (byte) 0);
    Path zeros = save("zeros.gif", gif);
    refused(
        () -> Images.read(zeros, 3, 16, 24),
        zeros + ": the GIF data ends early; copy or download the file again");
    Path few = save("few.png", png(1, 3, 8, 0, bytes(0, 1, 0, 2)));
    refused(
        () -> Images.read(few, 1, 3, 1),
        few + ": the PNG data ends early; copy or download the file again");
  }

  @Test
  void readsJpegsWithBytesBetweenTheirParts() throws IOException {
    byte[] jpeg = sample("jpg");
    byte[] wanted = Images.read(save("plain.jpg", jpeg), 3, 16, 24);
    byte[] body = Arrays.copyOf(jpeg, jpeg.length - 2);
    Path late = save("late.jpg", joined(body, bytes(1, 2, 3, 4, 5), bytes(0xff, 0xd9)));
    assertThat(Images.read(late, 3, 16, 24)).isEqualTo(wanted);
    Path early =
        save(
            "early.jpg",
            joined(
                bytes(0xff, 0xd8),
                bytes(0xff, 0xfe, 0, 4, 1, 2),
                bytes(7, 7),
                Arrays.copyOfRange(jpeg, 2, jpeg.length),
                bytes(1, 2, 3)));
    assertThat(Images.read(early, 3, 16, 24)).isEqualTo(wanted);
  }

  @Test
  void decidesByContentAndNamesWhatIsNotRead() throws IOException {
    Path named = save("named.jpg", sample("png"));
    assertThat(Images.read(named, 3, 16, 24))
        .isEqualTo(Images.read(save("right.png", sample("png")), 3, 16, 24));
    String allowed = "; PNG, JPEG, BMP and GIF are allowed";
    name(
        "RIFF....WEBPVP8 ",
        "WebP is not read; add the ImageIO plug-in imageio-webp"
            + " (TwelveMonkeys) to the class path, or save it as PNG or JPEG");
    name(
        "II*\0........",
        "TIFF is not read; add the ImageIO plug-in imageio-tiff"
            + " (TwelveMonkeys) to the class path, or save it as PNG or JPEG");
    name("....ftypheic....", "HEIC is not read; save it as PNG or JPEG");
    name("<?xml version='1.0'?><svg/>", "SVG is not read; save it as PNG or JPEG");
    name("\n<!DOCTYPE html><html>", "an HTML page, not an image" + allowed);
    name("%PDF-1.7", "a PDF document, not an image" + allowed);
    name("PK\u0003\u0004....", "a ZIP archive, not an image" + allowed);
    name("BMW is a maker of cars", "not an image" + allowed);
    name("", "the file is empty; copy or download the file again");
    byte[] twelve = sample("jpg");
    for (int i = 0; i < twelve.length - 4; i++) {
      if (twelve[i] == (byte) 0xff && twelve[i + 1] == (byte) 0xc0) {
        twelve[i + 4] = 12;
      }
    }
    Path deep = save("deep.jpg", twelve);
    refused(
        () -> Images.read(deep, 3, 16, 24),
        deep + ": JPEG of 12 bits a sample is not read; save it as PNG or as usual JPEG");
  }

  private void name(String content, String refusal) throws IOException {
    Path path = save("some.jpg", content.getBytes(StandardCharsets.ISO_8859_1));
    refused(() -> Images.read(path, 3, 8, 8), path + ": " + refusal);
    refused(() -> Images.size(path), path + ": " + refusal);
  }
}
