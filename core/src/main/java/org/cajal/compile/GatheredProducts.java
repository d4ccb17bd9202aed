package org.cajal.compile;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.cajal.graph.Graphs;
import org.cajal.graph.Verifier;
import org.cajal.op.Gather;
import org.cajal.op.MatMul;
import org.cajal.op.Node;
import org.cajal.op.Reshape;
import org.cajal.op.ScatterAdd;
import org.cajal.op.Sum;
import org.cajal.op.Transpose;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Products with rows taken by index, as after an embedding, in the cheaper order. To take rows is
 * to multiply by a matrix G of zeros and ones, to add rows by index is to multiply by its
 * transpose, and products associate:
 *
 * <ul>
 *   <li>{@code (G E) W = G (E W)};
 *   <li>{@code (G E)ᵗ D = Eᵗ (Gᵗ D)}, the gradient of W;
 *   <li>{@code Gᵗ (D Wᵗ) = (Gᵗ D) Wᵗ}, the gradient of E.
 * </ul>
 *
 * <p>The right sides multiply as many rows as the table has, the left sides as many as there are
 * indices; they are taken where that halves the work at least. Reshapes and transposes of what was
 * taken become those of the index, which is small. Where rows are added by index and summed as a
 * whole too, as for a bias after the product, the latter sums what the former gives. Gradients may
 * differ by the rounding of sums.
 */
final class GatheredProducts {
  private GatheredProducts() {}

  /** An equal node with less to do, or null. */
  static @Nullable Node rule(Node node) {
    return switch (node.op()) {
      case Transpose t -> isGather(node.input(0)) ? transposed(t, node.input(0)) : null;
      case Reshape r -> isGather(node.input(0)) ? reshaped(node, node.input(0)) : null;
      case MatMul m -> node.shape().rank() == 2 ? product(node.input(0), node.input(1)) : null;
      case ScatterAdd s when s.batch() == 0 -> scattered(node);
      default -> null;
    };
  }

  /** Whether slices along the first axis are taken. */
  private static boolean isGather(Node node) {
    return node.op() instanceof Gather gather && gather.batch() == 0;
  }

  private static boolean isTransposed(Node node) {
    return node.op() instanceof Transpose && node.shape().rank() == 2;
  }

  private static boolean pays(Node table, Node index) {
    return table.shape().rank() == 2 && 2L * table.shape().dim(0) <= index.shape().size();
  }

  /** The transpose of an index that moves the slices at its places as this one does, or null. */
  private static @Nullable Transpose ofPlaces(Transpose transpose, Node index) {
    List<Integer> order = transpose.permutation();
    int places = index.shape().rank();
    for (int axis = places; axis < order.size(); axis++) {
      if (order.get(axis) != axis) {
        return null;
      }
    }
    return new Transpose(order.subList(0, places));
  }

  private static @Nullable Node transposed(Transpose transpose, Node taken) {
    Transpose places = ofPlaces(transpose, taken.input(1));
    return places == null
        ? null
        : Node.of(taken.op(), taken.input(0), taken.input(1).transpose(places.permutation()));
  }

  private static @Nullable Node reshaped(Node node, Node taken) {
    Shape rest = taken.shape().sub(taken.input(1).shape().rank(), taken.shape().rank());
    int places = node.shape().rank() - rest.rank();
    return places >= 0 && node.shape().sub(places, node.shape().rank()).equals(rest)
        ? Node.of(taken.op(), taken.input(0), taken.input(1).reshape(node.shape().sub(0, places)))
        : null;
  }

  private static @Nullable Node product(Node a, Node b) {
    if (isGather(a) && pays(a.input(0), a.input(1))) {
      return Node.of(a.op(), Node.of(new MatMul(), a.input(0), b), a.input(1));
    }
    if (isTransposed(a) && isGather(a.input(0))) {
      Node table = a.input(0).input(0);
      Node index = a.input(0).input(1);
      if (pays(table, index)) {
        return Node.of(new MatMul(), table.swapLast(), sums(table.shape().dim(0), index, b));
      }
    }
    return null;
  }

  private static @Nullable Node scattered(Node node) {
    Node base = node.input(0);
    Node index = node.input(1);
    Node source = node.input(2);
    return switch (source.op()) {
      case Transpose t -> {
        Transpose places = ofPlaces(t, index);
        yield places == null
            ? null
            : Node.of(node.op(), base, index.transpose(places.inverse()), source.input(0));
      }
      case Reshape r -> {
        Node from = source.input(0);
        Shape rest = base.shape().sub(1, base.shape().rank());
        int before = from.shape().rank() - rest.rank();
        yield before >= 0 && from.shape().sub(before, from.shape().rank()).equals(rest)
            ? Node.of(node.op(), base, index.reshape(from.shape().sub(0, before)), from)
            : null;
      }
      case MatMul m ->
          index.shape().rank() == 1 && pays(base, index)
              ? base.add(
                  Node.of(m, sums(base.shape().dim(0), index, source.input(0)), source.input(1)))
              : null;
      default -> null;
    };
  }

  /**
   * Sums over all rows, taken over the sums of those with the same index where these are computed
   * anyway and are fewer.
   */
  static List<Node> shareSums(List<Node> outputs) {
    Map<Node, Node> scattered = new HashMap<>();
    for (Node node : Graphs.order(outputs)) {
      if (node.op() instanceof ScatterAdd s
          && s.batch() == 0
          && Simplifier.isZero(node.input(0))
          && pays(node.input(0), node.input(1))
          && !hasSum(node.input(1))) {
        scattered.put(node.input(2), node);
      }
    }
    Map<Node, Node> renewed =
        Graphs.rewrite(
            outputs,
            (old, in) -> {
              Node other = old.op() instanceof Sum ? scattered.get(old.input(0)) : null;
              if (other == null || !sumsPlaces((Sum) old.op(), other.input(1))) {
                return Node.of(old.op(), in);
              }
              Node few = Node.of(other.op(), other.input(0), other.input(1), in.get(0));
              return few.sum(List.of(0)).reshape(old.shape());
            });
    List<Node> next = outputs.stream().map(node -> Graphs.get(renewed, node)).toList();
    Verifier.afterPass("share sums", next);
    return next;
  }

  /** Whether a node depends on a sum, so that no sum may come to depend on it. */
  private static boolean hasSum(Node node) {
    return Graphs.order(List.of(node)).stream().anyMatch(n -> n.op() instanceof Sum);
  }

  private static boolean sumsPlaces(Sum sum, Node index) {
    return sum.axes().equals(IntStream.range(0, index.shape().rank()).boxed().toList());
  }

  /** The sums of the rows that have the same index. */
  private static Node sums(int size, Node index, Node rows) {
    Node zeros = Node.constant(rows.dtype(), 0).broadcast(Shape.of(size, rows.shape().dim(1)));
    return Node.of(new ScatterAdd(0), zeros, index, rows);
  }
}
