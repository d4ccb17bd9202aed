package org.cajal.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cajal.data.BadInput.refused;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.cajal.type.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImagesTest {
  @TempDir Path folder;

  private Path save(String name, String format, int type, int width, int height, int... argb)
      throws IOException {
    BufferedImage image = new BufferedImage(width, height, type);
    for (int i = 0; i < width * height; i++) {
      if (type == BufferedImage.TYPE_BYTE_GRAY) {
        image.getRaster().setSample(i % width, i / width, 0, argb[i % argb.length]);
      } else {
        image.setRGB(i % width, i / width, argb[i % argb.length]);
      }
    }
    Path path = folder.resolve(name);
    Files.createDirectories(path.getParent());
    assertThat(ImageIO.write(image, format, path.toFile())).isTrue();
    return path;
  }

  @Test
  void readsGreyExactlyAndColourInPlanes() throws IOException {
    Path grey = save("g.png", "png", BufferedImage.TYPE_BYTE_GRAY, 2, 2, 0, 100, 200, 255);
    assertThat(Images.read(grey, 1, 2, 2)).containsExactly(0, 100, (byte) 200, (byte) 255);
    assertThat(Images.isGrey(grey)).isTrue();
    for (String format : new String[] {"png", "bmp", "gif"}) {
      Path colour =
          save("c." + format, format, BufferedImage.TYPE_INT_RGB, 2, 1, 0xff0000, 0x0000ff);
      assertThat(Images.read(colour, 3, 1, 2))
          .as(format)
          .containsExactly((byte) 255, 0, 0, 0, 0, (byte) 255);
      assertThat(Images.read(colour, 1, 1, 2)).as(format).containsExactly(76, 29);
      assertThat(Images.isGrey(colour)).isFalse();
    }
    Path jpeg = save("j.jpg", "jpg", BufferedImage.TYPE_BYTE_GRAY, 8, 8, 120);
    assertThat(Images.read(jpeg, 1, 8, 8)).containsOnly(120);
    assertThat(Images.size(jpeg)).isEqualTo(new Images.Size(8, 8));
  }

  @Test
  void laysTransparentPixelsOverWhite() throws IOException {
    Path path = save("a.png", "png", BufferedImage.TYPE_INT_ARGB, 2, 1, 0x00000000, 0xff000000);
    assertThat(Images.read(path, 1, 1, 2)).containsExactly((byte) 255, 0);
  }

  private static byte[] resized(int height, int width, int newHeight, int newWidth, int... values) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < height * width; i++) {
      image.getRaster().setSample(i % width, i / width, 0, values[i % values.length]);
    }
    return Images.read(image, 1, newHeight, newWidth);
  }

  @Test
  void resizesByAreaDownwardsAndLinearlyUpwards() {
    assertThat(resized(2, 4, 1, 2, 0, 10, 20, 30)).containsExactly(5, 25);
    assertThat(resized(3, 3, 2, 2, 0, 30, 60)).containsExactly(10, 50, 10, 50);
    assertThat(resized(1, 2, 2, 4, 0, 100)).containsExactly(0, 25, 75, 100, 0, 25, 75, 100);
    assertThat(resized(2, 2, 1, 1, 0, 10, 20, 30)).containsExactly(15);
    assertThat(resized(1, 1, 2, 2, 7)).containsExactly(7, 7, 7, 7);
    assertThat(resized(17, 13, 5, 31, 100)).containsOnly(100);
    assertThat(resized(13, 17, 31, 5, 100)).containsOnly(100);
  }

  @Test
  void keepsTheProportionsAndCutsAtTheCentre() {
    assertThat(resized(1, 4, 1, 2, 0, 10, 20, 30)).containsExactly(10, 20);
    assertThat(resized(2, 6, 1, 1, 0, 0, 10, 20, 0, 0)).containsExactly(15);
    assertThat(resized(4, 1, 2, 2, 0, 10, 20, 30)).containsExactly(13, 13, 18, 18);
  }

  /** A PNG file that declares a size and holds no pixels. */
  static byte[] declared(int width, int height) throws IOException {
    ByteArrayOutputStream chunk = new ByteArrayOutputStream();
    DataOutputStream data = new DataOutputStream(chunk);
    data.writeBytes("IHDR");
    data.writeInt(width);
    data.writeInt(height);
    data.write(new byte[] {8, 0, 0, 0, 0});
    CRC32 crc = new CRC32();
    crc.update(chunk.toByteArray());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    DataOutputStream png = new DataOutputStream(out);
    png.writeLong(0x89504E470D0A1A0AL);
    png.writeInt(13);
    png.write(chunk.toByteArray());
    png.writeInt((int) crc.getValue());
    return out.toByteArray();
  }

  @Test
  void refusesHugeBrokenAndOtherFiles() throws IOException {
    Path huge = Files.write(folder.resolve("huge.png"), declared(100_000, 100_000));
    refused(
        () -> Images.read(huge, 1, 8, 8),
        huge + ": the image declares 100000 × 100000 pixels; at most 67108864 in all are allowed");
    Path broken = Files.write(folder.resolve("broken.png"), declared(10, 10));
    refused(
        () -> Images.read(broken, 1, 8, 8),
        broken + ": the PNG data ends early; copy or download the file again");
    Path text = Files.writeString(folder.resolve("text.png"), "no image");
    refused(
        () -> Images.read(text, 1, 8, 8),
        text + ": not an image; PNG, JPEG, BMP and GIF are allowed");
    Path empty = Files.write(folder.resolve("empty.png"), new byte[0]);
    refused(
        () -> Images.read(empty, 1, 8, 8),
        empty + ": the file is empty; copy or download the file again");
    Path none = folder.resolve("none.png");
    refused(() -> Images.read(none, 1, 8, 8), none + ": no such file; check the path");
    refused(
        () -> Images.read(text, 2, 8, 8),
        "[images] 2 channels; 1 (grey) or 3 (colour) are allowed");
    refused(
        () -> Images.read(text, 1, 0, 8),
        "[images] size 8 × 0 is out of range; 1 to 4096 are allowed");
  }

  @Test
  void readsAFolderOfClasses() throws IOException {
    save("set/cat/1.png", "png", BufferedImage.TYPE_BYTE_GRAY, 4, 4, 10);
    save("set/cat/2.png", "png", BufferedImage.TYPE_BYTE_GRAY, 8, 8, 20);
    save("set/dog/b.bmp", "bmp", BufferedImage.TYPE_INT_RGB, 4, 4, 0x1e1e1e);
    save("set/dog/a.gif", "gif", BufferedImage.TYPE_INT_RGB, 4, 4, 0x282828);
    Files.writeString(folder.resolve("set/dog/.DS_Store"), "x");
    Files.writeString(folder.resolve("set/dog/Thumbs.db"), "x");
    Files.writeString(
        folder.resolve("set/readme.txt"), "files beside the class folders do not matter");
    Dataset data = ImageFolder.read(folder.resolve("set"), ImageFolder.Form.CHOOSE);
    assertThat(data.classLabels()).containsExactly("cat", "dog");
    assertThat(data.classIndices()).containsExactly(0, 0, 1, 1);
    assertThat(data.featureShape()).isEqualTo(Shape.of(1, 4, 4));
    assertThat(data.pixels(1)).containsOnly(20);
    assertThat(data.pixels(2)).containsOnly(40);
    Dataset colour = ImageFolder.read(folder.resolve("set"), new ImageFolder.Form(3, 6, 5));
    assertThat(colour.featureShape()).isEqualTo(Shape.of(3, 6, 5));
    assertThat(colour.pixels(3)).containsOnly(30);
  }

  @Test
  void readsAFolderDividedIntoTrainAndTest() throws IOException {
    for (String part : new String[] {"train", "test"}) {
      for (String name : new String[] {"a", "b"}) {
        save("div/" + part + "/" + name + "/1.png", "png", BufferedImage.TYPE_BYTE_GRAY, 3, 3, 10);
        save("div/" + part + "/" + name + "/2.png", "png", BufferedImage.TYPE_BYTE_GRAY, 3, 3, 11);
      }
    }
    Path div = folder.resolve("div");
    assertThat(ImageFolder.isDivided(div)).isTrue();
    TrainTest both = ImageFolder.readTrainTest(div, ImageFolder.Form.CHOOSE);
    assertThat(Leaks.rowsInBoth(both.train(), both.test())).isEqualTo(4);
    Files.move(div.resolve("test/b"), div.resolve("test/z"));
    refused(
        () -> ImageFolder.readTrainTest(div, ImageFolder.Form.CHOOSE),
        div.resolve("test") + ": no class \"z\"; there are \"a\", \"b\"");
  }

  @Test
  void refusesBadFolders() throws IOException {
    Path none = folder.resolve("none");
    ImageFolder.Form choose = ImageFolder.Form.CHOOSE;
    refused(() -> ImageFolder.read(none, choose), none + ": no such folder; check the path");
    Path file = Files.writeString(folder.resolve("file"), "x");
    refused(
        () -> ImageFolder.read(file, choose),
        file + ": is a file; a folder with one subfolder of images a class is expected");
    Path set = Files.createDirectory(folder.resolve("set"));
    String expected =
        "; a folder with one subfolder of images a class, and at least 2 of them, is expected";
    refused(() -> ImageFolder.read(set, choose), set + ": no class folder" + expected);
    save("set/cat/1.png", "png", BufferedImage.TYPE_BYTE_GRAY, 4, 4, 10);
    save("set/cat/2.png", "png", BufferedImage.TYPE_BYTE_GRAY, 4, 4, 10);
    refused(
        () -> ImageFolder.read(set, choose), set + ": one class folder only, \"cat\"" + expected);
    Path dog = Files.createDirectory(set.resolve("dog"));
    refused(
        () -> ImageFolder.read(set, choose),
        dog + ": the class folder holds no image; add images or remove the folder");
    save("set/dog/1.png", "png", BufferedImage.TYPE_BYTE_GRAY, 4, 4, 10);
    refused(
        () -> ImageFolder.read(set, choose),
        dog
            + ": the class has one image only; each class needs at least 2: add images or remove"
            + " the folder");
    Files.delete(set.resolve("cat/1.png"));
    Path alone = Files.createDirectory(folder.resolve("alone"));
    save("alone/1.png", "png", BufferedImage.TYPE_BYTE_GRAY, 4, 4, 10);
    refused(() -> ImageFolder.read(alone, choose), alone + ": 1 images without classes" + expected);
    refused(
        () -> ImageFolder.readTrainTest(set, choose),
        set + ": no folders \"train\" and \"test\"; both with one subfolder a class are expected");
  }
}
