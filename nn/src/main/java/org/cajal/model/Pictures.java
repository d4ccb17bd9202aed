package org.cajal.model;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import org.cajal.data.ImageScaling;
import org.cajal.data.Images;
import org.cajal.type.CajalException;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;

/**
 * Images as inputs of a network [C, H, W], by the rules of {@link Images} for grey, transparency
 * and size, as numbers from 0 to 1 and then by the model's {@link ImageScaling}.
 */
final class Pictures {
  private Pictures() {}

  static NDArray input(Path file, ModelSpec spec) {
    Shape shape = shape(spec);
    return scaled(Images.read(file, shape.dim(0), shape.dim(1), shape.dim(2)), spec);
  }

  static NDArray input(BufferedImage image, ModelSpec spec) {
    Shape shape = shape(spec);
    return scaled(Images.read(image, shape.dim(0), shape.dim(1), shape.dim(2)), spec);
  }

  private static Shape shape(ModelSpec spec) {
    Shape shape = spec.inputShape();
    if (shape.rank() != 3 || (shape.dim(0) != 1 && shape.dim(0) != 3)) {
      throw new CajalException(
          "[predict] this model takes "
              + shape
              + ", not images; images are [1 or 3, height, width]");
    }
    return shape;
  }

  /** Bytes as a data set of images reads them. */
  private static NDArray scaled(byte[] values, ModelSpec spec) {
    Shape shape = spec.inputShape();
    int plane = shape.dim(1) * shape.dim(2);
    NDArray out = NDArray.zeros(spec.inputDtype(), Shape.of(1).concat(shape));
    for (int i = 0; i < values.length; i++) {
      double mean = spec.scaling().isPresent() ? spec.scaling().get().mean().get(i / plane) : 0;
      double deviation =
          spec.scaling().isPresent() ? spec.scaling().get().deviation().get(i / plane) : 1;
      float scale = (float) (1 / (255 * deviation));
      float offset = (float) (-mean / deviation);
      out.set(i, (values[i] & 0xff) * scale + offset);
    }
    return out;
  }
}
