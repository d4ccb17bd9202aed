package org.cajal.compile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.cajal.op.ArgMax;
import org.cajal.op.Convolution;
import org.cajal.op.ConvolutionInputGradient;
import org.cajal.op.ConvolutionWeightGradient;
import org.cajal.op.CumulativeSum;
import org.cajal.op.Gather;
import org.cajal.op.MatMul;
import org.cajal.op.Node;
import org.cajal.op.RandomBits;
import org.cajal.op.ScatterAdd;
import org.cajal.op.WindowArgMax;
import org.cajal.op.WindowSum;
import org.cajal.op.WindowSumGradient;
import org.cajal.run.AxisKernel;
import org.cajal.run.GatherKernel;
import org.cajal.run.Kernel;
import org.cajal.run.Operand;
import org.cajal.run.RandomBitsKernel;
import org.cajal.run.ScatterAddKernel;
import org.cajal.run.simd.Product;
import org.cajal.run.simd.WideScatterAdd;
import org.cajal.run.simd.WindowKernel;
import org.cajal.type.DType;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/** Operations that have kernels of their own. */
final class Calls {
  private static final Operand NOWHERE = new Operand(0, 0);

  private Calls() {}

  /**
   * The nodes whose buffers an operation reads.
   *
   * @param homes the nodes that have buffers
   * @param panels products that read their right matrix from panels instead
   */
  static List<Node> operands(Node node, Map<Node, Home> homes, Map<Node, Scheduler.Panels> panels) {
    List<Node> out = new ArrayList<>();
    // The base of a scatter is copied into the result beforehand.
    int first = node.op() instanceof ScatterAdd ? 1 : 0;
    int last = panels.containsKey(node) ? 1 : node.inputs().size();
    for (Node input : node.inputs().subList(first, last)) {
      out.add(
          node.op() instanceof MatMul ? strided(input, homes).base() : contiguous(input, homes));
    }
    return out;
  }

  static Node contiguous(Node operand, Map<Node, Home> homes) {
    Node base = Scheduler.base(operand);
    return homes.containsKey(base) ? base : operand;
  }

  /** Where an operand of a product lies. */
  static Scheduler.Strided strided(Node operand, Map<Node, Home> homes) {
    Scheduler.Strided through = Scheduler.strided(operand);
    return homes.containsKey(through.base())
        ? through
        : new Scheduler.Strided(
            operand, 0, Arrays.stream(operand.shape().strides()).boxed().toList());
  }

  /** How much scratch memory the kernel of an operation needs, in bytes. */
  static long scratchBytes(
      Node node, Map<Node, Home> homes, Function<Node, Product.@Nullable Matrix> panels) {
    DType type = node.dtype();
    return switch (node.op()) {
      case MatMul m -> {
        Shape a = node.input(0).shape();
        yield Product.scratchBytes(
            type,
            a.sub(0, a.rank() - 2).dims(),
            a.dim(-2),
            a.dim(-1),
            node.shape().dim(-1),
            matrix(node.input(0), homes, input -> NOWHERE),
            right(node, homes, input -> NOWHERE, panels));
      }
      case Convolution c ->
          org.cajal.run.simd.Convolution.scratchBytes(
              type, node.input(0).shape(), node.input(1).shape(), c.window(), c.groups());
      case ConvolutionInputGradient c ->
          org.cajal.run.simd.ConvolutionInputGradient.scratchBytes(
              type, node.shape(), node.input(1).shape(), c.window(), c.groups());
      case ConvolutionWeightGradient c ->
          org.cajal.run.simd.ConvolutionWeightGradient.scratchBytes(
              type, node.input(0).shape(), node.shape(), c.window(), c.groups());
      default -> 0;
    };
  }

  /**
   * The kernel of an operation.
   *
   * @param place where a node's buffer lies
   * @param panels where products find their right matrix that read it from panels
   */
  static Kernel kernel(
      Node node,
      Map<Node, Home> homes,
      Function<Node, Operand> place,
      Function<Node, Product.@Nullable Matrix> panels,
      Operand out,
      Operand scratch) {
    DType type = node.dtype();
    Function<Node, Operand> read = input -> place.apply(contiguous(input, homes));
    return switch (node.op()) {
      case MatMul m -> {
        Shape a = node.input(0).shape();
        yield new Product(
            type,
            a.sub(0, a.rank() - 2).dims(),
            a.dim(-2),
            a.dim(-1),
            node.shape().dim(-1),
            matrix(node.input(0), homes, place),
            right(node, homes, place, panels),
            out,
            scratch);
      }
      case Convolution c ->
          org.cajal.run.simd.Convolution.of(
              type,
              node.input(0).shape(),
              node.input(1).shape(),
              c.window(),
              c.groups(),
              read.apply(node.input(0)),
              read.apply(node.input(1)),
              out,
              scratch);
      case ConvolutionInputGradient c ->
          org.cajal.run.simd.ConvolutionInputGradient.of(
              type,
              node.shape(),
              node.input(1).shape(),
              c.window(),
              c.groups(),
              read.apply(node.input(0)),
              read.apply(node.input(1)),
              out,
              scratch);
      case ConvolutionWeightGradient c ->
          org.cajal.run.simd.ConvolutionWeightGradient.of(
              type,
              node.input(0).shape(),
              node.shape(),
              c.window(),
              c.groups(),
              read.apply(node.input(0)),
              read.apply(node.input(1)),
              out,
              scratch);
      case WindowSum w ->
          window(
              WindowKernel.Kind.SUM,
              type,
              w.window(),
              node.input(0).shape(),
              read.apply(node.input(0)),
              out);
      case WindowSumGradient w ->
          window(
              WindowKernel.Kind.SUM_GRADIENT,
              type,
              w.window(),
              node.shape(),
              read.apply(node.input(0)),
              out);
      case WindowArgMax w ->
          window(
              WindowKernel.Kind.ARG_MAX,
              node.input(0).dtype(),
              w.window(),
              node.input(0).shape(),
              read.apply(node.input(0)),
              out);
      case Gather g -> {
        Shape x = node.input(0).shape();
        Shape index = node.input(1).shape();
        yield new GatherKernel(
            node.input(1).dtype(),
            x.sub(0, g.batch()).size(),
            x.dim(g.batch()),
            index.sub(g.batch(), index.rank()).size(),
            x.sub(g.batch() + 1, x.rank()).size() * type.bytes(),
            read.apply(node.input(0)),
            read.apply(node.input(1)),
            out);
      }
      case ScatterAdd s -> {
        Shape x = node.shape();
        Shape index = node.input(1).shape();
        long slice = x.sub(s.batch() + 1, x.rank()).size();
        if (s.batch() == 0 && WideScatterAdd.fits(type, slice)) {
          yield new WideScatterAdd(
              type,
              node.input(1).dtype(),
              x.dim(0),
              index.size(),
              (int) slice,
              read.apply(node.input(1)),
              read.apply(node.input(2)),
              out);
        }
        yield new ScatterAddKernel(
            type,
            node.input(1).dtype(),
            x.sub(0, s.batch()).size(),
            x.dim(s.batch()),
            index.sub(s.batch(), index.rank()).size(),
            slice,
            read.apply(node.input(1)),
            read.apply(node.input(2)),
            out);
      }
      case ArgMax a ->
          axis(AxisKernel.Kind.ARG_MAX, a.axis(), node, read.apply(node.input(0)), out);
      case CumulativeSum c ->
          axis(AxisKernel.Kind.CUMULATIVE_SUM, c.axis(), node, read.apply(node.input(0)), out);
      case RandomBits r ->
          new RandomBitsKernel(node.shape().size(), r.place(), read.apply(node.input(0)), out);
      default -> throw new IllegalStateException("no kernel for " + node);
    };
  }

  private static Product.Matrix right(
      Node product,
      Map<Node, Home> homes,
      Function<Node, Operand> place,
      Function<Node, Product.@Nullable Matrix> panels) {
    Product.Matrix shared = panels.apply(product);
    return shared == null ? matrix(product.input(1), homes, place) : shared;
  }

  private static Product.Matrix matrix(
      Node operand, Map<Node, Home> homes, Function<Node, Operand> place) {
    Scheduler.Strided s = strided(operand, homes);
    return matrix(s, operand.dtype(), place.apply(s.base()));
  }

  /** The matrices at a place in a buffer. */
  static Product.Matrix matrix(Scheduler.Strided s, DType type, Operand base) {
    int batchAxes = s.strides().size() - 2;
    return new Product.Matrix(
        new Operand(base.buffer(), base.offset() + s.start() * type.bytes()),
        s.strides().get(batchAxes),
        s.strides().get(batchAxes + 1),
        s.strides().subList(0, batchAxes));
  }

  private static Kernel window(
      WindowKernel.Kind kind,
      DType type,
      org.cajal.op.Window window,
      Shape x,
      Operand from,
      Operand to) {
    return new WindowKernel(
        kind, type, window, (long) x.dim(0) * x.dim(1), x.sub(2, x.rank()).dims(), from, to);
  }

  private static Kernel axis(AxisKernel.Kind kind, int axis, Node node, Operand x, Operand out) {
    Shape s = node.input(0).shape();
    return new AxisKernel(
        kind,
        node.input(0).dtype(),
        s.sub(0, axis).size(),
        s.dim(axis),
        s.sub(axis + 1, s.rank()).size(),
        x,
        out);
  }
}
