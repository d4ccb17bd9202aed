package org.cajal.data;

/** How a camera was held: tag 0x0112 of the first directory of a TIFF structure (Exif 2.3). */
final class ExifOrientation {
  private static final int TAG = 0x0112;

  private ExifOrientation() {}

  /**
   * 1 to 8; 1, upright, where the structure is broken or says nothing.
   *
   * @param at where the TIFF structure begins
   */
  static int at(ImageBytes bytes, int at) {
    try {
      boolean little = bytes.hasText(at, "II*\0");
      if (!little && !bytes.hasText(at, "MM\0*")) {
        return 1;
      }
      int directory = at + (little ? bytes.le32(at + 4) : bytes.be32(at + 4));
      int entries = little ? bytes.le16(directory) : bytes.be16(directory);
      for (int i = 0; i < entries; i++) {
        int entry = directory + 2 + 12 * i;
        if ((little ? bytes.le16(entry) : bytes.be16(entry)) == TAG) {
          int value = little ? bytes.le16(entry + 8) : bytes.be16(entry + 8);
          return value >= 1 && value <= 8 ? value : 1;
        }
      }
      return 1;
    } catch (BrokenImage e) {
      return 1;
    }
  }
}
