package org.cajal.compile;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.cajal.graph.Graphs;
import org.cajal.graph.Verifier;
import org.cajal.op.Add;
import org.cajal.op.Broadcast;
import org.cajal.op.Concatenate;
import org.cajal.op.Constant;
import org.cajal.op.Divide;
import org.cajal.op.Flip;
import org.cajal.op.MatMul;
import org.cajal.op.Multiply;
import org.cajal.op.Negate;
import org.cajal.op.Node;
import org.cajal.op.Op;
import org.cajal.op.Pad;
import org.cajal.op.Power;
import org.cajal.op.Range;
import org.cajal.op.Region;
import org.cajal.op.Reshape;
import org.cajal.op.Select;
import org.cajal.op.Slice;
import org.cajal.op.StopGradient;
import org.cajal.op.Subtract;
import org.cajal.op.Sum;
import org.cajal.op.Transpose;
import org.cajal.op.Undifferentiable;
import org.cajal.run.Interpreter;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites a graph into an equal one with less to do: boundaries of gradients go, constants fold,
 * identities and pairs of views collapse, long sums are cut into two stages so that they run in
 * parallel and lose fewer digits. Results may differ from the original by rounding of sums and by
 * the sign of zeros only, and where a constant zero is multiplied by matrices that are not finite.
 */
final class Simplifier {
  /** A sum longer than this with few results is done in two stages. */
  private static final long LONG_SUM = 1 << 14;

  private Simplifier() {}

  /** For each output its simplified form. */
  static List<Node> simplify(List<Node> outputs) {
    List<Node> current = outputs;
    for (int round = 0; round < 4; round++) {
      Map<Node, Integer> uses = Graphs.uses(current);
      Map<Node, Node> renewed =
          Graphs.rewrite(current, (old, in) -> turned(old, uses, rule(old, in)));
      List<Node> next = new ArrayList<>();
      for (Node node : current) {
        next.add(Graphs.get(renewed, node));
      }
      Verifier.afterPass("simplify", next);
      if (next.equals(current)) {
        break;
      }
      current = next;
    }
    return current;
  }

  private static Node rule(Node old, List<Node> in) {
    Node node = Node.of(old.op(), in);
    Node other = GatheredProducts.rule(node);
    if (other == null) {
      other = PointwiseConvolutions.rule(node);
    }
    if (other != null) {
      return other;
    }
    return switch (node.op()) {
      case Region r -> in.get(0);
      case StopGradient s -> in.get(0);
      case Undifferentiable u -> in.get(0);
      case Op.Elementwise e -> elementwise(e, node, in);
      case Op.View v -> view(v, node, in.get(0));
      case Op.Reduction r -> reduction(r, node, in.get(0));
      case Range r -> constantRange(r);
      case Pad p ->
          isZero(p.before()) && isZero(p.after()) && isZero(p.between()) ? in.get(0) : node;
      case Op.Leaf l -> node;
      case Concatenate c -> in.size() == 1 ? in.get(0) : concatenate(c, node, in);
      case Op.Contraction c -> is(in.get(0), 0) || is(in.get(1), 0) ? node.like(0) : node;
      case Op.Windowed w -> node;
      case Op.Indexed i -> node;
    };
  }

  private static boolean isZero(List<Integer> list) {
    return list.stream().allMatch(v -> v == 0);
  }

  private static Node constantRange(Range range) {
    NDArray values = NDArray.zeros(range.dtype(), Shape.of(range.length()));
    for (int i = 0; i < range.length(); i++) {
      values.set(i, i);
    }
    return Node.constant(values);
  }

  /** The number that every element of a node is, or null. */
  static @Nullable Double splat(Node node) {
    Node base = node.op() instanceof Broadcast ? node.input(0) : node;
    return base.op() instanceof Constant c && c.value().size() == 1
        ? (Double) c.value().get(0)
        : null;
  }

  /** Whether every element is 0. */
  static boolean isZero(Node node) {
    return is(node, 0);
  }

  private static boolean is(Node node, double value) {
    Double s = splat(node);
    return s != null && s == value;
  }

  private static Node elementwise(Op.Elementwise op, Node node, List<Node> in) {
    boolean constant = true;
    for (Node input : in) {
      constant &= splat(input) != null;
    }
    if (constant) {
      List<Node> scalars = new ArrayList<>();
      for (Node input : in) {
        Double value = splat(input);
        scalars.add(Node.constant(input.dtype(), value == null ? 0 : value));
      }
      NDArray folded = Interpreter.evaluate(List.of(Node.of(op, scalars)), name -> null).get(0);
      return Node.constant(folded).broadcast(node.shape());
    }
    return switch (op) {
      case Add a -> {
        if (is(in.get(0), 0)) {
          yield in.get(1);
        }
        if (is(in.get(1), 0)) {
          yield in.get(0);
        }
        yield in.get(1).op() instanceof Negate ? in.get(0).subtract(in.get(1).input(0)) : node;
      }
      case Subtract s -> {
        if (is(in.get(1), 0)) {
          yield in.get(0);
        }
        yield in.get(1).op() instanceof Negate ? in.get(0).add(in.get(1).input(0)) : node;
      }
      case Multiply m -> is(in.get(0), 1) ? in.get(1) : is(in.get(1), 1) ? in.get(0) : node;
      case Divide d -> is(in.get(1), 1) ? in.get(0) : node;
      case Negate n -> in.get(0).op() instanceof Negate ? in.get(0).input(0) : node;
      case Power p -> {
        Node x = in.get(0);
        Double exponent = splat(in.get(1));
        if (exponent == null) {
          yield node;
        }
        if (exponent == 0) {
          yield node.like(1);
        }
        if (exponent == 1) {
          yield x;
        }
        if (exponent == 2) {
          yield x.multiply(x);
        }
        if (exponent == 3) {
          yield x.multiply(x).multiply(x);
        }
        yield exponent == -1 ? x.like(1).divide(x) : node;
      }
      case Select s -> {
        Double condition = splat(in.get(0));
        yield condition == null ? node : condition != 0 ? in.get(1) : in.get(2);
      }
      default -> node;
    };
  }

  private static Node view(Op.View view, Node node, Node x) {
    Double value = splat(x);
    if (value != null) {
      Node scalar = Node.constant(x.dtype(), value);
      return node.shape().rank() == 0 ? scalar : Node.of(new Broadcast(node.shape()), scalar);
    }
    if (node.shape().equals(x.shape())) {
      boolean same =
          switch (view) {
            case Reshape r -> true;
            case Broadcast b -> true;
            case Slice s -> true;
            case Transpose t -> isIdentity(t.permutation());
            case Flip f -> f.axes().isEmpty();
          };
      if (same) {
        return x;
      }
    }
    return switch (view) {
      case Reshape r -> x.op() instanceof Reshape ? x.input(0).reshape(r.to()) : node;
      case Broadcast b -> x.op() instanceof Broadcast ? x.input(0).broadcast(b.to()) : node;
      case Transpose t -> {
        if (!(x.op() instanceof Transpose inner)) {
          yield node;
        }
        List<Integer> both = new ArrayList<>();
        for (int axis : t.permutation()) {
          both.add(inner.permutation().get(axis));
        }
        yield x.input(0).transpose(both);
      }
      case Slice s -> slice(s, node, x);
      case Flip f -> node;
    };
  }

  /** A slice that lies within one part of a concatenation is a slice of that part. */
  private static Node slice(Slice slice, Node node, Node x) {
    if (!(x.op() instanceof Concatenate c) || node.shape().size() == 0) {
      return node;
    }
    int axis = c.axis();
    int first = slice.start().get(axis);
    int last = first + (slice.size().get(axis) - 1) * slice.step().get(axis);
    int begin = 0;
    for (Node part : x.inputs()) {
      int end = begin + part.shape().dim(axis);
      if (first >= begin && last < end) {
        List<Integer> start = new ArrayList<>(slice.start());
        start.set(axis, first - begin);
        return node.shape().equals(part.shape())
            ? part
            : Node.of(new Slice(start, slice.size(), slice.step()), part);
      }
      begin = end;
    }
    return node;
  }

  /**
   * Along the first axis parts that are reshaped rows are joined before they are reshaped: {@code
   * [h, w] → [1, h, w]} of each becomes one reshape of {@code [n·h, w]}.
   */
  private static Node concatenate(Concatenate c, Node node, List<Node> in) {
    if (c.axis() != 0) {
      return node;
    }
    List<Node> rows = new ArrayList<>();
    for (Node part : in) {
      if (!(part.op() instanceof Reshape) || part.input(0).shape().rank() == 0) {
        return node;
      }
      rows.add(part.input(0));
    }
    Shape first = rows.get(0).shape().with(0, 1);
    return rows.stream()
            .allMatch(r -> r.shape().rank() == first.rank() && r.shape().with(0, 1).equals(first))
        ? Node.of(c, rows).reshape(node.shape())
        : node;
  }

  /** A product that is read transposed only is the product of its transposed factors. */
  private static Node turned(Node old, Map<Node, Integer> uses, Node node) {
    if (!(node.op() instanceof Transpose t)
        || !(node.input(0).op() instanceof MatMul)
        || Graphs.get(uses, old.input(0)) > 1) {
      return node;
    }
    int last = node.shape().rank() - 1;
    Node product = node.input(0);
    List<Integer> swapped = new ArrayList<>(t.permutation());
    Collections.swap(swapped, last - 1, last);
    return isIdentity(swapped)
        ? Node.of(product.op(), List.of(product.input(1).swapLast(), product.input(0).swapLast()))
        : node;
  }

  private static boolean isIdentity(List<Integer> permutation) {
    for (int i = 0; i < permutation.size(); i++) {
      if (permutation.get(i) != i) {
        return false;
      }
    }
    return true;
  }

  private static Node reduction(Op.Reduction op, Node node, Node x) {
    if (node.shape().equals(x.shape())) {
      return x;
    }
    if (!(op instanceof Sum) || x.shape().size() < LONG_SUM || !x.dtype().isFloating()) {
      return node;
    }
    long kept = node.shape().size();
    long length = x.shape().size() / kept;
    List<Integer> axes = new ArrayList<>();
    for (int axis : op.axes()) {
      if (x.shape().dim(axis) > 1) {
        axes.add(axis);
      }
    }
    if (kept > 256 || length < LONG_SUM / 4) {
      return node;
    }
    int last = axes.get(axes.size() - 1);
    if (axes.size() > 1) {
      // Neighbouring axes at the end are one long row.
      int first = axes.size() - 1;
      while (first > 0 && axes.get(first - 1) == axes.get(first) - 1) {
        first--;
      }
      List<Integer> row = axes.subList(first, axes.size());
      if (first > 0) {
        return x.sum(row).sum(axes.subList(0, first));
      }
      if (last == x.shape().rank() - 1) {
        int start = row.get(0);
        Node flat =
            x.reshape(x.shape().sub(0, start).concat(Shape.of((int) tail(x.shape(), start))));
        return flat.sum(List.of(start)).reshape(node.shape());
      }
      return x.sum(List.of(last)).sum(axes.subList(0, axes.size() - 1));
    }
    int n = x.shape().dim(last);
    int parts = divisor(n);
    if (parts == 1) {
      return node;
    }
    Shape cut = x.shape().with(last, parts).insert(last + 1, n / parts);
    Node partial = x.reshape(cut).sum(List.of(last + 1));
    return partial.reshape(x.shape().with(last, parts)).sum(List.of(last)).reshape(node.shape());
  }

  private static long tail(Shape shape, int from) {
    long size = 1;
    for (int i = from; i < shape.rank(); i++) {
      size *= shape.dim(i);
    }
    return size;
  }

  /** The largest divisor of n of at most 64 and n/64 at most, else 1. */
  private static int divisor(int n) {
    for (int d = Math.min(64, n / 64); d > 1; d--) {
      if (n % d == 0) {
        return d;
      }
    }
    return 1;
  }
}
