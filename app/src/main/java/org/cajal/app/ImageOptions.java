package org.cajal.app;

import org.cajal.data.ImageFolder;
import org.cajal.type.CajalException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of {@code train} about the images of a folder; the model keeps what they decide. */
final class ImageOptions {
  @Option(
      names = "--size",
      paramLabel = "N|WxH",
      description =
          "The width and height that images get, in pixels (default: by their own sizes, at most"
              + " 128).")
  @Nullable String size;

  @Option(
      names = {"--colour", "--color"},
      description = "Read images in colour (default: if any has colours).")
  boolean colour;

  @Option(
      names = {"--grey", "--gray"},
      description = "Read images as grey.")
  boolean grey;

  @Mixin SkipBrokenOption broken = new SkipBrokenOption();

  /** An option that was given, null for none. */
  @Nullable String given() {
    return size != null
        ? "--size"
        : colour ? "--colour" : grey ? "--grey" : broken.skip ? "--skip-broken" : null;
  }

  /**
   * The form that the options ask for.
   *
   * @throws CajalException naming the option that is wrong
   */
  ImageFolder.Form form() {
    if (colour && grey) {
      throw new CajalException("--colour and --grey exclude each other; give one");
    }
    int width = 0;
    int height = 0;
    if (size != null) {
      int times = Math.max(size.indexOf('x'), size.indexOf('X'));
      width = number(times < 0 ? size : size.substring(0, times));
      height = times < 0 ? width : number(size.substring(times + 1));
    }
    return new ImageFolder.Form(colour ? 3 : grey ? 1 : 0, height, width, broken.skip);
  }

  private int number(String text) {
    int value = 0;
    try {
      value = Integer.parseInt(text);
    } catch (NumberFormatException e) {
      // out of range like 0
    }
    if (value < 1 || value > 4096) {
      throw new CajalException(
          "--size "
              + size
              + " is no size; one number, or width and height such as 96x64, of 1 to 4096 are"
              + " allowed");
    }
    return value;
  }
}
