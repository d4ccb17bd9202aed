package org.cajal.run.simd;

import java.util.List;
import org.cajal.op.Window;

/**
 * The geometry of windows over planes [N·C, depth, height, width]: fewer spatial axes have leading
 * sizes of 1.
 */
final class Windows {
  private static final int PIECE_ELEMENTS = 10_000;
  private static final int MOST_PIECES = 64;

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

  /**
   * Flat distance of each element of a window from its first, for windows that lie inside the
   * input.
   */
  final int[] taps;

  /** Whether no element belongs to two windows, and those of a window's row are contiguous. */
  final boolean apart;

  /** Whether every element belongs to one window. */
  final boolean tiled;

  private final int[] insideFrom = new int[3];
  private final int[] insideTo = new int[3];
  private final int[][] first = new int[3][];
  private final int[][] last = new int[3][];

  Windows(Window window, long planes, List<Integer> spatial) {
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
    taps = new int[windowSize];
    int t = 0;
    for (int a = 0; a < kernel[0]; a++) {
      for (int b = 0; b < kernel[1]; b++) {
        for (int c = 0; c < kernel[2]; c++) {
          taps[t++] = (a * dilation[0] * in[1] + b * dilation[1]) * in[2] + c * dilation[2];
        }
      }
    }
    for (int axis = 0; axis < 3; axis++) {
      first[axis] = new int[out[axis]];
      last[axis] = new int[out[axis]];
      for (int i = 0; i < out[axis]; i++) {
        int at = origin(axis, i);
        int room = in[axis] - 1 - at;
        first[axis][i] = at >= 0 ? 0 : (-at + dilation[axis] - 1) / dilation[axis];
        last[axis][i] = room < 0 ? 0 : Math.min(kernel[axis], room / dilation[axis] + 1);
      }
    }
    boolean disjoint = dilation[2] == 1;
    boolean covered = true;
    for (int axis = 0; axis < 3; axis++) {
      disjoint &= (kernel[axis] - 1) * dilation[axis] < stride[axis];
      covered &=
          kernel[axis] == stride[axis] && kernel[axis] * out[axis] == in[axis] && pad[axis] == 0;
      while (insideFrom[axis] < out[axis] && !inside(axis, insideFrom[axis])) {
        insideFrom[axis]++;
      }
      insideTo[axis] = insideFrom[axis];
      while (insideTo[axis] < out[axis] && inside(axis, insideTo[axis])) {
        insideTo[axis]++;
      }
    }
    apart = disjoint;
    tiled = disjoint && covered;
  }

  /** Where a window begins on an axis; negative in the padding. */
  int origin(int axis, int position) {
    return position * stride[axis] - pad[axis];
  }

  /** Whether all windows at a position lie inside the input along an axis. */
  boolean inside(int axis, int position) {
    return first[axis][position] == 0 && last[axis][position] == kernel[axis];
  }

  /** The first position along an axis whose windows lie inside the input. */
  int insideFrom(int axis) {
    return insideFrom[axis];
  }

  /** One past the last position along an axis whose windows lie inside the input. */
  int insideTo(int axis) {
    return insideTo[axis];
  }

  /** The first kernel position whose element lies inside the input. */
  int first(int axis, int position) {
    return first[axis][position];
  }

  /** One past the last kernel position whose element lies inside the input. */
  int last(int axis, int position) {
    return last[axis][position];
  }

  int pieces() {
    double work = (double) planes * outSize * windowSize;
    return (int) Math.max(1, Math.min(Math.min(MOST_PIECES, planes), work / PIECE_ELEMENTS));
  }

  long begin(int piece) {
    return planes * piece / pieces();
  }
}
