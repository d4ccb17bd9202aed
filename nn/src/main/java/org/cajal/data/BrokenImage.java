package org.cajal.data;

import java.nio.file.Path;
import org.cajal.type.CajalException;

/** Why an image cannot be read, without the name of its file; never leaves the package. */
final class BrokenImage extends Exception {
  private static final long serialVersionUID = 1;

  /** What helps against a file that was cut or changed on its way. */
  private static final String AGAIN = "copy or download the file again";

  private final String reason;
  private final String remedy;

  BrokenImage(String reason, String remedy) {
    super(reason + "; " + remedy);
    this.reason = reason;
    this.remedy = remedy;
  }

  static BrokenImage empty() {
    return new BrokenImage("the file is empty", AGAIN);
  }

  static BrokenImage endsEarly(ImageKind kind) {
    return new BrokenImage("the " + kind.title() + " data ends early", AGAIN);
  }

  static BrokenImage damaged(ImageKind kind) {
    return new BrokenImage("the " + kind.title() + " data is damaged", AGAIN);
  }

  static BrokenImage notRead(String what) {
    return new BrokenImage(what + " is not read", "save it as PNG or as usual JPEG");
  }

  static BrokenImage tooLarge(long width, long height) {
    return new BrokenImage(
        "the image declares " + width + " × " + height + " pixels",
        width * height <= Images.mostPixels()
            ? "sides of 1 to " + Images.MOST_SIDE + " are allowed"
            : "at most "
                + Images.mostPixels()
                + " in all are allowed"
                + (Images.mostPixels() < Images.MOST_PIXELS
                    ? " with this heap; enlarge it by -Xmx"
                    : ""));
  }

  /** What was seen, for a list of files. */
  String reason() {
    return reason;
  }

  CajalException of(Path path) {
    return new CajalException(path + ": " + reason + "; " + remedy, this);
  }
}
