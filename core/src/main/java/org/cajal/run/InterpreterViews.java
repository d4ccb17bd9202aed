package org.cajal.run;

import java.util.Arrays;
import java.util.List;
import org.cajal.op.Broadcast;
import org.cajal.op.Concatenate;
import org.cajal.op.Flip;
import org.cajal.op.Node;
import org.cajal.op.Op;
import org.cajal.op.Pad;
import org.cajal.op.Reshape;
import org.cajal.op.Slice;
import org.cajal.op.Transpose;
import org.cajal.type.Shape;

/** Views and arrangements in plain loops: elements moved, none computed. */
final class InterpreterViews {
  private InterpreterViews() {}

  /** The elements that a view shows, in its order. */
  static double[] view(Op.View op, Node node, double[] x) {
    Shape from = node.input(0).shape();
    int rank = node.shape().rank();
    long[] in = from.strides();
    long[] strides = new long[rank];
    long offset = 0;
    switch (op) {
      case Reshape _ -> {
        return x;
      }
      case Transpose t -> {
        for (int i = 0; i < rank; i++) {
          strides[i] = in[t.permutation().get(i)];
        }
      }
      case Broadcast _ -> {
        int shift = rank - from.rank();
        for (int i = 0; i < from.rank(); i++) {
          strides[i + shift] = from.dim(i) == 1 ? 0 : in[i];
        }
      }
      case Slice s -> {
        for (int i = 0; i < rank; i++) {
          offset += s.start().get(i) * in[i];
          strides[i] = s.step().get(i) * in[i];
        }
      }
      case Flip f -> {
        for (int i = 0; i < rank; i++) {
          boolean flipped = f.axes().contains(i);
          offset += flipped ? (from.dim(i) - 1) * in[i] : 0;
          strides[i] = flipped ? -in[i] : in[i];
        }
      }
    }
    double[] out = new double[Interpreter.size(node.shape())];
    int[] at = positions(node.shape(), offset, strides);
    for (int i = 0; i < out.length; i++) {
      out[i] = x[at[i]];
    }
    return out;
  }

  /**
   * For each element of a shape in row-major order where it lies, given an offset and a stride for
   * each axis.
   */
  static int[] positions(Shape shape, long offset, long[] strides) {
    int[] out = new int[Interpreter.size(shape)];
    int[] index = new int[shape.rank()];
    long at = offset;
    for (int i = 0; i < out.length; i++) {
      out[i] = (int) at;
      for (int axis = index.length - 1; axis >= 0; axis--) {
        at += strides[axis];
        if (++index[axis] < shape.dim(axis)) {
          break;
        }
        at -= strides[axis] * index[axis];
        index[axis] = 0;
      }
    }
    return out;
  }

  static double[] pad(Pad op, Node node, double[] x) {
    double[] out = new double[Interpreter.size(node.shape())];
    Arrays.fill(out, op.value());
    long[] strides = node.shape().strides();
    long offset = 0;
    for (int i = 0; i < strides.length; i++) {
      offset += op.before().get(i) * strides[i];
      strides[i] *= op.between().get(i) + 1;
    }
    int[] at = positions(node.input(0).shape(), offset, strides);
    for (int i = 0; i < x.length; i++) {
      out[at[i]] = x[i];
    }
    return out;
  }

  static double[] concatenate(Concatenate op, Node node, List<double[]> x) {
    double[] out = new double[Interpreter.size(node.shape())];
    int outer = Interpreter.size(node.shape().sub(0, op.axis()));
    int at = 0;
    for (int o = 0; o < outer; o++) {
      for (double[] part : x) {
        int block = part.length / outer;
        System.arraycopy(part, o * block, out, at, block);
        at += block;
      }
    }
    return out;
  }
}
