package org.cajal.data;

/**
 * What an image file says before its pixels.
 *
 * @param kind by its content
 * @param storedWidth in pixels, as the pixels lie in the file
 * @param storedHeight in pixels, as the pixels lie in the file
 * @param mayHaveColour whether its way of storing pixels can express colours
 * @param orientation 1 to 8, the Exif tag 0x0112: how to turn the stored pixels
 */
record ImageHeader(
    ImageKind kind, int storedWidth, int storedHeight, boolean mayHaveColour, int orientation) {
  /** The width of the picture as people see it. */
  int width() {
    return isTurned() ? storedHeight : storedWidth;
  }

  /** The height of the picture as people see it. */
  int height() {
    return isTurned() ? storedWidth : storedHeight;
  }

  private boolean isTurned() {
    return orientation >= 5;
  }

  /** Refuses sizes that nobody wants decoded. */
  ImageHeader checked() throws BrokenImage {
    if (storedWidth < 1
        || storedHeight < 1
        || Math.max(storedWidth, storedHeight) > Images.MOST_SIDE
        || (long) storedWidth * storedHeight > Images.mostPixels()) {
      throw BrokenImage.tooLarge(storedWidth, storedHeight);
    }
    return this;
  }
}
