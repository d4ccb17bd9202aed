package org.cajal.run;

import java.util.List;
import org.cajal.op.Window;

/**
 * The geometry of windows over planes [N·C, depth, height, width]: fewer spatial axes have leading sizes of 1.
 */
final class Planes {
  final long planes;
  final int[] in = {1, 1, 1};
  final int[] out = {1, 1, 1};
  final int[] kernel = {1, 1, 1};
  final int[] stride = {1, 1, 1};
  final int[] pad = {0, 0, 0};
  final int[] dilation = {1, 1, 1};
  final int inSize;
  final int outSize;
  final int windowSize;

  Planes(Window window, long planes, List<Integer> spatial) {
    this.planes = planes;
    int d = spatial.size();
    for (int i = 0; i < d; i++) {
      int j = 3 - d + i;
      in[j] = spatial.get(i);
      out[j] = window.out(i, in[j]);
      kernel[j] = window.kernel().get(i);
      stride[j] = window.stride().get(i);
      pad[j] = window.padLow().get(i);
      dilation[j] = window.dilation().get(i);
    }
    inSize = in[0] * in[1] * in[2];
    outSize = out[0] * out[1] * out[2];
    windowSize = kernel[0] * kernel[1] * kernel[2];
  }

  /** The first kernel position whose element lies inside the input. */
  int first(int axis, int position) {
    int at = position * stride[axis] - pad[axis];
    return at >= 0 ? 0 : (-at + dilation[axis] - 1) / dilation[axis];
  }

  /** One past the last kernel position whose element lies inside the input. */
  int last(int axis, int position) {
    int room = in[axis] - 1 - (position * stride[axis] - pad[axis]);
    return room < 0 ? 0 : Math.min(kernel[axis], room / dilation[axis] + 1);
  }

  int pieces() {
    return Elements.pieces((double) planes * outSize * windowSize, 30_000, planes);
  }

  long begin(int piece) {
    return planes * piece / pieces();
  }
}
