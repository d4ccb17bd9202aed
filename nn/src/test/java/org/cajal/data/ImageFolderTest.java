package org.cajal.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cajal.data.BadInput.refused;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.cajal.type.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {
  @TempDir Path folder;

  private final List<String> notes = new ArrayList<>();

  private Path save(String name, int width, int height, int rgb) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < width * height; i++) {
      image.setRGB(i % width, i / width, rgb);
    }
    Path path = folder.resolve(name);
    Files.createDirectories(path.getParent());
    assertThat(ImageIO.write(image, "png", path.toFile())).isTrue();
    return path;
  }

  private void classes(String root, int width, int height, int rgb) throws IOException {
    for (String name : new String[] {"a/1.png", "a/2.png", "b/1.png", "b/2.png"}) {
      save(root + "/" + name, width, height, rgb);
    }
  }

  private Dataset read(String root, ImageFolder.Form form) {
    notes.clear();
    return ImageFolder.read(folder.resolve(root), form, notes::add);
  }

  @Test
  void decidesColourByThePixelsOfAllFiles() throws IOException {
    classes("set", 6, 6, 0x404040);
    Dataset grey = read("set", ImageFolder.Form.CHOOSE);
    assertThat(grey.featureShape()).isEqualTo(Shape.of(1, 6, 6));
    assertThat(grey.pixels(3)).hasSize(36).containsOnly(0x40);
    assertThat(notes)
        .containsExactly(
            "all images are of 6 × 6 and are read so",
            "the images are read as grey: none of the 4 has colours");
    save("set/b/3.png", 6, 6, 0x402040);
    Dataset colour = read("set", ImageFolder.Form.CHOOSE);
    assertThat(colour.featureShape()).isEqualTo(Shape.of(3, 6, 6));
    assertThat(colour.exampleName(4)).isEqualTo("b/3.png");
    assertThat(notes)
        .containsExactly(
            "all images are of 6 × 6 and are read so",
            "the images are read in colour: 1 of 5 have colours (--grey reads all as grey)");
    read("set", new ImageFolder.Form(1, 6, 6));
    assertThat(notes).containsExactly("1 of 5 images have colours and are read as grey");
  }

  @Test
  void choosesASizeForPhotographs() throws IOException {
    classes("photos", 300, 200, 0x402040);
    assertThat(read("photos", ImageFolder.Form.CHOOSE).featureShape())
        .isEqualTo(Shape.of(3, 64, 96));
    assertThat(notes)
        .containsExactly(
            "all images are of 300 × 200: each is scaled to cover 96 × 64 and cut at the centre"
                + " (--size chooses another size)",
            "the images are read in colour");
    save("photos/a/3.png", 90, 250, 0x402040);
    assertThat(read("photos", ImageFolder.Form.CHOOSE).featureShape())
        .isEqualTo(Shape.of(3, 64, 64));
    assertThat(notes.getFirst())
        .isEqualTo(
            "the images are of 2 sizes, 90 × 250 to 300 × 200: each is scaled to cover 64 × 64 and"
                + " cut at the centre (--size chooses another size)");
    classes("icons", 20, 24, 0x402040);
    save("icons/a/3.png", 24, 20, 0x402040);
    assertThat(read("icons", ImageFolder.Form.CHOOSE).featureShape())
        .isEqualTo(Shape.of(3, 20, 20));
  }

  @Test
  void namesAllBrokenImagesAtOnceOrLeavesThemOut() throws IOException {
    classes("set", 6, 6, 0x404040);
    Files.writeString(folder.resolve("set/a/3.jpg"), "");
    Files.writeString(folder.resolve("set/a/4.jpg"), "<html></html>");
    byte[] png = ImageFiles.sample("png");
    Files.write(folder.resolve("set/b/5.png"), Arrays.copyOf(png, png.length / 2));
    Path set = folder.resolve("set");
    String list =
        "a/3.jpg (the file is empty), a/4.jpg (an HTML page, not an image), b/5.png (the PNG data"
            + " ends early)";
    refused(
        () -> read("set", ImageFolder.Form.CHOOSE),
        set
            + ": 3 of 7 images cannot be read: "
            + list
            + "; mend or remove them, or leave them out by --skip-broken");
    Dataset data = read("set", new ImageFolder.Form(1, 6, 6).skippingBroken(true));
    assertThat(data.size()).isEqualTo(4);
    assertThat(data.classIndices()).containsExactly(0, 0, 1, 1);
    assertThat(data.pixels(3)).containsOnly(0x40);
    assertThat(notes).containsExactly("3 of 7 images cannot be read and are left out: " + list);
    for (int i = 0; i < 4; i++) {
      Files.writeString(folder.resolve("set/b/6" + i + ".gif"), "");
    }
    refused(
        () -> read("set", ImageFolder.Form.CHOOSE),
        set
            + ": 7 of 11 images cannot be read: "
            + list
            + ", b/60.gif (the file is empty), b/61.gif (the file is empty) and 2 more; mend or"
            + " remove them, or leave them out by --skip-broken");
    assertThat(ImageFolder.files(set, true, note -> {})).hasSize(4);
    Files.writeString(folder.resolve("set/b/1.png"), "");
    refused(
        () -> read("set", new ImageFolder.Form(1, 6, 6).skippingBroken(true)),
        set.resolve("b")
            + ": the class has one image only; each class needs at least 2: add images or remove"
            + " the folder");
  }

  @Test
  void passesOverWhatIsNoImage() throws IOException {
    classes("set", 6, 6, 0x404040);
    Files.writeString(folder.resolve("set/README"), "hello");
    Files.writeString(folder.resolve("set/a/labels.txt"), "1");
    Files.writeString(folder.resolve("set/b/notes.txt"), "2");
    Files.writeString(folder.resolve("set/b/._1.png"), "x");
    Files.writeString(folder.resolve("set/b/.DS_Store"), "x");
    Files.writeString(folder.resolve("set/b/Thumbs.db"), "x");
    Files.createDirectories(folder.resolve("set/__MACOSX/a"));
    Files.copy(folder.resolve("set/a/1.png"), folder.resolve("set/b/unnamed"));
    save("set/cover.png", 6, 6, 0);
    save("set/b/more/3.png", 6, 6, 0);
    Dataset data = read("set", ImageFolder.Form.CHOOSE);
    assertThat(data.size()).isEqualTo(6);
    assertThat(data.classLabels()).containsExactly("a", "b");
    assertThat(notes)
        .startsWith(
            "passed over what is no image: 2 .txt, 1 README, 1 Thumbs.db, 1 folder __MACOSX, 2"
                + " hidden",
            "1 images beside the class folders have no class and are passed over",
            "1 images lie in folders inside of their class's folder; they count");
    assertThat(ImageFolder.files(folder.resolve("set"), false, notes::add)).hasSize(7);
  }

  @Test
  void findsClassesOneFolderDeeper() throws IOException {
    classes("outer/inner", 6, 6, 0x404040);
    Files.writeString(folder.resolve("outer/readme.md"), "x");
    assertThat(read("outer", ImageFolder.Form.CHOOSE).classLabels()).containsExactly("a", "b");
    assertThat(notes.getFirst())
        .isEqualTo(
            "the classes are read from the folder "
                + folder.resolve("outer/inner")
                + ", the only one");
  }

  @Test
  void readsPartsUnderTheirUsualNames() throws IOException {
    Path set = folder.resolve("all/set");
    classes("all/set/training_set", 6, 6, 0x404040);
    classes("all/set/Val", 6, 6, 0x404040);
    ImageFolder.Parts two =
        ImageFolder.readParts(folder.resolve("all"), ImageFolder.Form.CHOOSE, notes::add);
    assertThat(two.validation()).isNull();
    assertThat(two.test()).isNotNull();
    save("all/set/test/1.png", 6, 6, 0);
    notes.clear();
    ImageFolder.Parts unanswered =
        ImageFolder.readParts(folder.resolve("all"), ImageFolder.Form.CHOOSE, notes::add);
    assertThat(unanswered.validation()).isNull();
    assertThat(unanswered.test()).isNotNull();
    assertThat(notes)
        .contains(
            "the folder test has no class folders: its images have no answers and are not measured"
                + " on");
    classes("all/set/test", 6, 6, 0x808080);
    ImageFolder.Parts three = ImageFolder.readParts(set, ImageFolder.Form.CHOOSE, notes::add);
    assertThat(three.validation()).isNotNull();
    assertThat(three.test()).isNotNull();
    assertThat(three.test().pixels(0)).containsOnly((byte) 0x80);
    classes("two/one", 6, 6, 0x404040);
    classes("two/other", 6, 6, 0x404040);
    refused(
        () -> ImageFolder.read(folder.resolve("two"), ImageFolder.Form.CHOOSE),
        folder.resolve("two")
            + ": each of its folders holds the folders \"a\", \"b\"; if they are parts of one data"
            + " set, name them \"train\" and \"test\", else give the path of one");
  }

  /** Smooth pictures, each its own: waves by a number. */
  private static byte[] picture(int number, int side) {
    byte[] out = new byte[side * side];
    for (int i = 0; i < out.length; i++) {
      double x = (double) (i % side) / side;
      int line = i / side;
      double y = (double) line / side;
      double a = Math.sin(x * (3 + number % 7) + number) + Math.cos(y * (2 + number % 5) - number);
      double b = Math.sin((x + 2 * y) * (1 + number % 11));
      out[i] = (byte) Math.round(127 + 30 * a + 25 * b);
    }
    return out;
  }

  private static Dataset images(int side, byte[]... pictures) {
    byte[] all = ImageFiles.joined(pictures);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < pictures.length; i++) {
      names.add("p" + i);
    }
    return Dataset.classification(
        "p",
        ByteRows.of(all, Shape.of(1, side, side)).named(names),
        new int[pictures.length],
        List.of("x"));
  }

  @Test
  void findsNearlyTheSamePictures() {
    byte[][] train = new byte[500][];
    for (int i = 0; i < train.length; i++) {
      train[i] = picture(i, 40);
    }
    byte[] brighter = picture(17, 40);
    byte[] noisy = picture(123, 40);
    byte[] marked = picture(200, 40);
    for (int i = 0; i < brighter.length; i++) {
      brighter[i] = (byte) (Math.round((brighter[i] & 0xff) * 0.95) + 9);
      noisy[i] = (byte) ((noisy[i] & 0xff) + i * 7 % 5 - 2);
      if (i % 40 < 5 && i / 40 < 5) {
        marked[i] = 0; // a corner of its own
      }
    }
    Dataset known = images(40, train);
    Dataset asked = images(40, picture(600, 40), brighter, noisy, marked, picture(44, 40));
    assertThat(NearDuplicates.between(known, asked))
        .containsExactly(new NearDuplicates.Pair(1, 17), new NearDuplicates.Pair(2, 123));
    assertThat(NearDuplicates.between(known.subset(1, 2, 3), asked)).isEmpty();
    assertThat(asked.subset(2, 1).exampleName(1)).isEqualTo("p1");
  }
}
