package org.cajal.run.simd;

import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.List;
import org.cajal.op.Window;
import org.cajal.run.Kernel;
import org.cajal.run.Operand;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.Shape;

/**
 * A convolution over one to three spatial axes, in F32 or F64, all operands contiguous: input
 * [images, channels, spatial..], weights [output channels, channels / groups, kernel..], output
 * [images, output channels, output spatial..]. As everywhere in deep learning the kernel is not
 * flipped. It is the product of the weights with the patches of the input (Chellapilla, Puri and
 * Simard, High Performance Convolutional Neural Networks for Document Processing, 2006), gathered
 * block by block.
 */
public final class Convolution implements Kernel {
  private final Geometry geometry;
  private final PatchProduct product;
  private final Operand scratch;

  /**
   * A convolution of fixed shapes. 3×3 kernels over many channels have a {@link
   * WinogradConvolution}.
   *
   * @param type F32 or F64
   * @param xShape of the input
   * @param wShape of the weights
   * @param groups output channels of one group see the input channels of that group only
   * @param scratch at least {@link #scratchBytes} bytes, 64-byte aligned
   * @throws CajalException if the shapes do not belong together
   */
  public static Kernel of(
      DType type,
      Shape xShape,
      Shape wShape,
      Window window,
      int groups,
      Operand x,
      Operand w,
      Operand y,
      Operand scratch) {
    Geometry geometry = Geometry.of(type, xShape, wShape, window, groups);
    return WinogradConvolution.serves(geometry)
        ? WinogradConvolution.forward(geometry, x, w, y, scratch)
        : new Convolution(geometry, x, w, y, scratch);
  }

  private Convolution(Geometry geometry, Operand x, Operand w, Operand y, Operand scratch) {
    this.geometry = geometry;
    this.scratch = scratch;
    long rowBytes = (long) geometry.inChannels() * geometry.taps() * geometry.type().bytes();
    List<Integer> ones = Collections.nCopies(Geometry.AXES, 1);
    List<Integer> zeros = Collections.nCopies(Geometry.AXES, 0);
    product =
        new PatchProduct(
            geometry.type(),
            geometry.images(),
            geometry.groups(),
            geometry.inChannels(),
            geometry.outChannels(),
            new PatchProduct.Left(w, geometry.outChannels() * rowBytes, rowBytes),
            x,
            geometry.inputPatches(),
            new PatchProduct.Target(y, geometry.out(), ones, zeros));
  }

  /** The bytes of scratch memory that the convolution of these arguments needs. */
  public static long scratchBytes(
      DType type, Shape xShape, Shape wShape, Window window, int groups) {
    Operand none = new Operand(0, 0);
    Geometry geometry = Geometry.of(type, xShape, wShape, window, groups);
    return WinogradConvolution.serves(geometry)
        ? WinogradConvolution.forward(geometry, none, none, none, none).scratchBytes()
        : new Convolution(geometry, none, none, none, none).product.scratchBytes();
  }

  @Override
  public String name() {
    return geometry.label("convolution");
  }

  @Override
  public int pieces(int stage) {
    return product.pieces();
  }

  @Override
  public void run(MemorySegment[] table, int stage, int piece) {
    product.run(table, scratch, 0, piece);
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
