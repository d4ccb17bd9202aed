package org.cajal.run.simd;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.cajal.op.Window;
import org.cajal.run.Kernel;
import org.cajal.run.Operand;
import org.cajal.type.DType;
import org.cajal.type.Shape;

/**
 * The gradient of a convolution with respect to its input, which is also the transposed
 * convolution: {@code dx[image, c, s] = sum over o, tap of w[o, c, tap] * dy[image, o, p]} where
 * position p with that tap reads s. Shapes and layouts as in {@link Convolution}.
 *
 * <p>With stride 1 this is a convolution of dy with the weights transposed. With larger strides the
 * inputs fall into phases, by their position modulo the stride; those of one phase meet the same
 * taps, and each phase is a convolution of its own with stride 1: no multiplication with an
 * inserted zero.
 */
public final class ConvolutionInputGradient implements Kernel {
  private final Geometry geometry;
  private final Operand w;
  private final Operand scratch;
  private final List<Phase> phases;
  private final int pieces;
  private final long scratchBytes;

  /**
   * The inputs at {@code start + stride * t}.
   *
   * @param taps indices into the kernel's positions, in the order of the patches' taps
   * @param weightsAt where its transposed weights lie in the scratch memory
   * @param scratchAt where the product's own scratch memory begins
   * @param firstPiece its first piece of the product stage
   */
  private record Phase(
      int[] taps,
      long weightsAt,
      long rowBytes,
      PatchProduct product,
      long scratchAt,
      int firstPiece) {}

  /**
   * A gradient of fixed shapes; arguments as in {@link Convolution#of}, with {@code dy} shaped as
   * the output. 3×3 kernels over many channels have a {@link WinogradConvolution}.
   */
  public static Kernel of(
      DType type,
      Shape xShape,
      Shape wShape,
      Window window,
      int groups,
      Operand dy,
      Operand w,
      Operand dx,
      Operand scratch) {
    Geometry geometry = Geometry.of(type, xShape, wShape, window, groups);
    return WinogradConvolution.serves(geometry)
        ? WinogradConvolution.inputGradient(geometry, dy, w, dx, scratch)
        : new ConvolutionInputGradient(geometry, dy, w, dx, scratch);
  }

  private ConvolutionInputGradient(
      Geometry geometry, Operand dy, Operand w, Operand dx, Operand scratch) {
    this.geometry = geometry;
    DType type = geometry.type();
    int groups = geometry.groups();
    this.w = w;
    this.scratch = scratch;
    phases = new ArrayList<>();
    long at = 0;
    int piece = 0;
    List<Integer> stride = geometry.stride();
    for (int d = 0; d < stride.get(0); d++) {
      for (int h = 0; h < stride.get(1); h++) {
        for (int x = 0; x < stride.get(2); x++) {
          List<Integer> start = List.of(d, h, x);
          List<Integer> count = new ArrayList<>();
          int[][] axisTaps = new int[Geometry.AXES][];
          int[][] offsets = new int[Geometry.AXES][];
          for (int axis = 0; axis < Geometry.AXES; axis++) {
            count.add(
                Math.max(
                    0, Math.ceilDiv(geometry.in().get(axis) - start.get(axis), stride.get(axis))));
            axisTaps[axis] = tapsOf(axis, start.get(axis));
            offsets[axis] = offsetsOf(axis, start.get(axis), axisTaps[axis]);
          }
          Patches patches = new Patches(type, geometry.out(), count, List.of(1, 1, 1), offsets);
          if (patches.positions() == 0) {
            continue;
          }
          long weightsAt = at;
          // One cache line more than whole lines: rows must not fall on the same sets of the cache.
          long rowBytes =
              ((long) geometry.outChannels() * patches.taps() * type.bytes() + 63) / 64 * 64 + 64;
          at =
              Math.addExact(
                  at, Math.multiplyExact(rowBytes, (long) groups * geometry.inChannels()));
          PatchProduct product =
              new PatchProduct(
                  type,
                  geometry.images(),
                  groups,
                  geometry.outChannels(),
                  geometry.inChannels(),
                  new PatchProduct.Left(
                      new Operand(scratch.buffer(), scratch.offset() + weightsAt),
                      rowBytes * geometry.inChannels(),
                      rowBytes),
                  dy,
                  patches,
                  new PatchProduct.Target(dx, geometry.in(), stride, start));
          phases.add(new Phase(indices(axisTaps), weightsAt, rowBytes, product, at, piece));
          at = Math.addExact(at, product.scratchBytes());
          piece += product.pieces();
        }
      }
    }
    pieces = piece;
    scratchBytes = at;
  }

  /**
   * The taps that inputs of that phase meet: those whose distance to it is a multiple of the
   * stride.
   */
  private int[] tapsOf(int axis, int start) {
    List<Integer> taps = new ArrayList<>();
    for (int tap = 0; tap < geometry.kernel().get(axis); tap++) {
      if (Math.floorMod(distance(axis, start, tap), geometry.stride().get(axis)) == 0) {
        taps.add(tap);
      }
    }
    return taps.stream().mapToInt(Integer::intValue).toArray();
  }

  private int[] offsetsOf(int axis, int start, int[] taps) {
    int[] offsets = new int[taps.length];
    for (int i = 0; i < taps.length; i++) {
      offsets[i] = Math.floorDiv(distance(axis, start, taps[i]), geometry.stride().get(axis));
    }
    return offsets;
  }

  private int distance(int axis, int start, int tap) {
    return start + geometry.padLow().get(axis) - tap * geometry.dilation().get(axis);
  }

  private int[] indices(int[][] axisTaps) {
    int[] all = new int[axisTaps[0].length * axisTaps[1].length * axisTaps[2].length];
    int i = 0;
    for (int d : axisTaps[0]) {
      for (int h : axisTaps[1]) {
        for (int x : axisTaps[2]) {
          all[i++] = (d * geometry.kernel().get(1) + h) * geometry.kernel().get(2) + x;
        }
      }
    }
    return all;
  }

  /** The bytes of scratch memory that the gradient of these arguments needs. */
  public static long scratchBytes(
      DType type, Shape xShape, Shape wShape, Window window, int groups) {
    Operand none = new Operand(0, 0);
    Geometry geometry = Geometry.of(type, xShape, wShape, window, groups);
    return WinogradConvolution.serves(geometry)
        ? WinogradConvolution.inputGradient(geometry, none, none, none, none).scratchBytes()
        : new ConvolutionInputGradient(geometry, none, none, none, none).scratchBytes;
  }

  @Override
  public String name() {
    return geometry.label("convolution input gradient");
  }

  @Override
  public int stages() {
    return 2;
  }

  @Override
  public int pieces(int stage) {
    return stage == 0
        ? Math.min(geometry.groups() * geometry.inChannels(), transposePieces())
        : pieces;
  }

  private int transposePieces() {
    double weights =
        (double) geometry.groups()
            * geometry.inChannels()
            * geometry.outChannels()
            * geometry.taps();
    return (int) Math.clamp(weights / 16384, 1, 16);
  }

  @Override
  public void run(MemorySegment[] table, int stage, int piece) {
    if (stage == 0) {
      int channels = geometry.groups() * geometry.inChannels();
      int count = pieces(0);
      int last = (int) ((long) channels * (piece + 1) / count);
      for (int channel = (int) ((long) channels * piece / count); channel < last; channel++) {
        for (int i = 0; i < phases.size(); i++) {
          transpose(table, phases.get(i), channel);
        }
      }
      return;
    }
    int index = phases.size() - 1;
    while (phases.get(index).firstPiece() > piece) {
      index--;
    }
    Phase phase = phases.get(index);
    phase.product().run(table, scratch, phase.scratchAt(), piece - phase.firstPiece());
  }

  /**
   * Copies the weights of one input channel: for each output channel and tap of the phase one
   * element.
   */
  private void transpose(MemorySegment[] table, Phase phase, int channel) {
    int size = geometry.type().bytes();
    int group = channel / geometry.inChannels();
    int taps = geometry.taps();
    long from =
        w.offset()
            + ((long) group * geometry.outChannels() * geometry.inChannels()
                    + channel % geometry.inChannels())
                * taps
                * size;
    long to = scratch.offset() + phase.weightsAt() + channel * phase.rowBytes();
    int[] chosen = phase.taps();
    for (int tap = 0; tap < chosen.length; tap++) {
      Strips.move(
          size,
          table[w.buffer()],
          from + (long) chosen[tap] * size,
          (long) geometry.inChannels() * taps * size,
          table[scratch.buffer()],
          to + (long) tap * size,
          (long) chosen.length * size,
          geometry.outChannels());
    }
  }

  @Override
  public double flops() {
    return geometry.flops();
  }

  @Override
  public double bytes() {
    return geometry.bytes();
  }
}
