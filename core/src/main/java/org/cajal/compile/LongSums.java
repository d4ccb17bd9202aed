package org.cajal.compile;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.cajal.graph.Graphs;
import org.cajal.graph.Verifier;
import org.cajal.op.Add;
import org.cajal.op.Concatenate;
import org.cajal.op.MatMul;
import org.cajal.op.Node;
import org.cajal.op.Op;
import org.cajal.op.Pad;
import org.cajal.op.Slice;
import org.cajal.op.Sum;
import org.cajal.op.Transpose;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites sums of many like terms into one operation on concatenated operands. Such sums are the
 * gradients of what was used many times: of a weight at every step of a recurrent network (products
 * {@code Aᵢᵗ·Bᵢ}), of its bias (reductions over rows), of an array of which every step read a slice
 * (paddings with zeros).
 *
 * <ul>
 *   <li>paddings along one axis that do not overlap: their concatenation, with zeros in the gaps;
 *   <li>products of transposed by plain matrices: one product with a long inner dimension;
 *   <li>reductions over the first axis: one reduction.
 * </ul>
 *
 * <p>Operands that already lie side by side in another concatenation are a slice of that one.
 * Results may differ by the rounding of sums. A term that others read too stays as it is.
 */
final class LongSums {
  /** Fewer products or reductions than this are added as they are. */
  private static final int FEWEST = 4;

  private static final Concatenate ROWS = new Concatenate(0);

  /** Terms of a sum that become one, made of these operands. */
  private record Group(List<Node> terms, List<Operand> operands, Function<List<Node>, Node> make) {}

  /**
   * Nodes side by side.
   *
   * @param whole the concatenation in which they lie, from {@code first} on; null if there is none
   */
  private record Operand(Concatenate op, List<Node> pieces, @Nullable Node whole, int first) {
    List<Node> needs() {
      return whole == null ? pieces : List.of(whole);
    }
  }

  private record Seat(Node whole, int position) {}

  private final Map<Node, Integer> uses;
  private final List<Node> order;

  /** Additions whose only reader is another addition. */
  private final Set<Node> inner = new HashSet<>();

  private final Map<Node, List<Seat>> seats = new HashMap<>();
  private final Map<Node, List<Group>> groups = new HashMap<>();
  private final Map<Node, Node> renewed = new HashMap<>();

  private LongSums(List<Node> outputs) {
    uses = Graphs.uses(outputs);
    order = Graphs.order(outputs);
    for (Node node : order) {
      if (node.op() instanceof Add) {
        for (Node term : node.inputs()) {
          if (term.op() instanceof Add && Graphs.get(uses, term) == 1) {
            inner.add(term);
          }
        }
      } else if (node.op().equals(ROWS)) {
        for (int i = 0; i < node.inputs().size(); i++) {
          seats.computeIfAbsent(node.input(i), n -> new ArrayList<>()).add(new Seat(node, i));
        }
      }
    }
  }

  /** For each output its form without long sums of paddings. */
  static List<Node> ofPaddings(List<Node> outputs) {
    return new LongSums(outputs).rewrite(outputs, LongSums::paddings);
  }

  /** For each output its form without long sums of products and reductions. */
  static List<Node> ofProducts(List<Node> outputs) {
    return new LongSums(outputs).rewrite(outputs, LongSums::productsAndReductions);
  }

  private interface Rule {
    List<Group> groups(LongSums pass, Node sum, List<Node> terms);
  }

  private List<Node> rewrite(List<Node> outputs, Rule rule) {
    for (Node node : order) {
      if (node.op() instanceof Add && !inner.contains(node)) {
        List<Group> found = rule.groups(this, node, terms(node));
        if (!found.isEmpty()) {
          groups.put(node, found);
        }
      }
    }
    if (groups.isEmpty()) {
      return outputs;
    }
    // A group may need a concatenation that is younger than its sum: not the order of nodes.
    Deque<Node> open = new ArrayDeque<>(outputs);
    while (!open.isEmpty()) {
      Node node = open.peek();
      boolean ready = renewed.containsKey(node);
      if (!ready) {
        ready = true;
        for (Node need : needs(node)) {
          if (!renewed.containsKey(need)) {
            open.push(need);
            ready = false;
          }
        }
        if (ready) {
          renewed.put(node, build(node));
        }
      }
      if (ready) {
        open.pop();
      }
    }
    List<Node> results = outputs.stream().map(n -> Graphs.get(renewed, n)).toList();
    Verifier.afterPass("long sums", results);
    return results;
  }

  private List<Node> needs(Node node) {
    List<Group> joined = groups.get(node);
    if (joined == null) {
      return node.inputs();
    }
    List<Node> needs = new ArrayList<>(rest(node, joined));
    for (Group group : joined) {
      for (Operand operand : group.operands) {
        needs.addAll(operand.needs());
      }
    }
    return needs;
  }

  private List<Node> rest(Node sum, List<Group> joined) {
    List<Node> rest = terms(sum);
    for (Group group : joined) {
      rest.removeAll(new HashSet<>(group.terms));
    }
    return rest;
  }

  private Node build(Node node) {
    List<Group> joined = groups.get(node);
    if (joined == null) {
      return Node.of(node.op(), node.inputs().stream().map(n -> Graphs.get(renewed, n)).toList());
    }
    List<Node> parts = new ArrayList<>();
    for (Group group : joined) {
      parts.add(group.make.apply(group.operands.stream().map(this::build).toList()));
    }
    for (Node term : rest(node, joined)) {
      parts.add(Graphs.get(renewed, term));
    }
    Node total = parts.get(0);
    for (Node part : parts.subList(1, parts.size())) {
      total = total.add(part);
    }
    return total;
  }

  private Node build(Operand operand) {
    Node whole = operand.whole;
    if (whole == null) {
      return Node.of(operand.op, operand.pieces.stream().map(n -> Graphs.get(renewed, n)).toList());
    }
    int start = rows(whole.inputs().subList(0, operand.first));
    int size = rows(operand.pieces);
    Node all = Graphs.get(renewed, whole);
    if (size == all.shape().dim(0)) {
      return all;
    }
    List<Integer> from = new ArrayList<>();
    List<Integer> step = new ArrayList<>();
    for (int axis = 0; axis < all.shape().rank(); axis++) {
      from.add(axis == 0 ? start : 0);
      step.add(1);
    }
    return Node.of(new Slice(from, all.shape().with(0, size).dims(), step), all);
  }

  private static int rows(List<Node> pieces) {
    return pieces.stream().mapToInt(n -> n.shape().dim(0)).sum();
  }

  /** The terms of a sum, first to last. */
  private List<Node> terms(Node sum) {
    List<Node> terms = new ArrayList<>();
    Deque<Node> open = new ArrayDeque<>(List.of(sum));
    while (!open.isEmpty()) {
      Node node = open.pop();
      if (node == sum || inner.contains(node)) {
        open.push(node.input(1));
        open.push(node.input(0));
      } else {
        terms.add(node);
      }
    }
    return terms;
  }

  private boolean isOnlyHere(Node term) {
    return Graphs.get(uses, term) == 1;
  }

  // Paddings

  private List<Group> paddings(Node sum, List<Node> terms) {
    List<Group> found = new ArrayList<>();
    for (int axis = 0; axis < sum.shape().rank() && found.isEmpty(); axis++) {
      int along = axis;
      List<Node> pads = new ArrayList<>();
      for (Node term : terms) {
        if (term.op() instanceof Pad pad && isAlong(pad, axis) && isOnlyHere(term)) {
          pads.add(term);
        }
      }
      pads.sort(Comparator.comparingInt(t -> ((Pad) t.op()).before().get(along)));
      List<Node> pieces = new ArrayList<>();
      int filled = 0;
      int end = 0;
      for (Node pad : pads) {
        int begin = ((Pad) pad.op()).before().get(axis);
        if (begin < end) {
          break;
        }
        addZeros(pieces, sum, axis, begin - end);
        pieces.add(pad.input(0));
        filled++;
        end = begin + pad.input(0).shape().dim(axis);
      }
      if (filled > 1 && filled == pads.size()) {
        addZeros(pieces, sum, axis, sum.shape().dim(axis) - end);
        Operand all = new Operand(new Concatenate(axis), pieces, null, 0);
        found.add(new Group(pads, List.of(all), List::getFirst));
      }
    }
    return found;
  }

  /** Zeros for a gap. They have nothing to be rewritten. */
  private void addZeros(List<Node> pieces, Node sum, int axis, int size) {
    if (size > 0) {
      Node zeros = Node.constant(sum.dtype(), 0).broadcast(sum.shape().with(axis, size));
      renewed.put(zeros, zeros);
      pieces.add(zeros);
    }
  }

  /** Whether zeros are put around along one axis only. */
  private static boolean isAlong(Pad pad, int axis) {
    for (int i = 0; i < pad.before().size(); i++) {
      if (pad.between().get(i) != 0
          || (i != axis && (pad.before().get(i) != 0 || pad.after().get(i) != 0))) {
        return false;
      }
    }
    return pad.value() == 0;
  }

  // Products and reductions

  private List<Group> productsAndReductions(Node sum, List<Node> terms) {
    List<Node> products = new ArrayList<>();
    List<Node> reductions = new ArrayList<>();
    for (Node term : terms) {
      if (!isOnlyHere(term)) {
        continue;
      }
      if (term.op() instanceof MatMul
          && term.shape().rank() == 2
          && term.input(0).op() instanceof Transpose) {
        products.add(term);
      } else if (isReductionOfRows(term)
          && (reductions.isEmpty() || alike(term, reductions.get(0)))) {
        reductions.add(term);
      }
    }
    List<Group> found = new ArrayList<>();
    if (products.size() >= FEWEST) {
      List<Node> sorted =
          inOrder(products, List.of(t -> t.input(1), t -> t.input(0).input(0)), t -> t.input(1));
      found.add(
          new Group(
              sorted,
              List.of(
                  sideBySide(sum, sorted.stream().map(t -> t.input(0).input(0)).toList()),
                  sideBySide(sum, sorted.stream().map(t -> t.input(1)).toList())),
              sides -> Node.of(new MatMul(), sides.get(0).swapLast(), sides.get(1))));
    }
    if (reductions.size() >= FEWEST) {
      List<Node> sorted = inOrder(reductions, List.of(t -> t.input(0)), t -> t.input(0));
      Op op = sorted.get(0).op();
      found.add(
          new Group(
              sorted,
              List.of(sideBySide(sum, sorted.stream().map(t -> t.input(0)).toList())),
              sides -> Node.of(op, sides)));
    }
    return found;
  }

  private static boolean isReductionOfRows(Node term) {
    return term.op() instanceof Sum sum && sum.axes().contains(0);
  }

  private static boolean alike(Node a, Node b) {
    Shape x = a.input(0).shape();
    Shape y = b.input(0).shape();
    return a.op().equals(b.op()) && x.with(0, 1).equals(y.with(0, 1));
  }

  /**
   * Terms in the order in which an operand of theirs lies in a concatenation; if there is none, the
   * youngest first, which for steps of time is the order of the steps.
   */
  private List<Node> inOrder(
      List<Node> terms, List<Function<Node, Node>> operands, Function<Node, Node> age) {
    List<Node> sorted = new ArrayList<>(terms);
    for (Function<Node, Node> operand : operands) {
      for (Seat seat : seats.getOrDefault(operand.apply(terms.get(0)), List.of())) {
        Map<Node, Integer> position = new HashMap<>();
        for (int i = 0; i < seat.whole.inputs().size(); i++) {
          position.put(seat.whole.input(i), i);
        }
        if (terms.stream().allMatch(t -> position.containsKey(operand.apply(t)))) {
          sorted.sort(Comparator.comparing(t -> Graphs.get(position, operand.apply(t))));
          return sorted;
        }
      }
    }
    sorted.sort(Comparator.comparingLong((Node t) -> age.apply(t).id()).reversed());
    return sorted;
  }

  private Operand sideBySide(Node sum, List<Node> pieces) {
    for (Seat seat : seats.getOrDefault(pieces.get(0), List.of())) {
      List<Node> all = seat.whole.inputs();
      int end = seat.position + pieces.size();
      if (end <= all.size()
          && all.subList(seat.position, end).equals(pieces)
          && !dependsOn(seat.whole, sum)) {
        return new Operand(ROWS, pieces, seat.whole, seat.position);
      }
    }
    return new Operand(ROWS, pieces, null, 0);
  }

  private static boolean dependsOn(Node node, Node on) {
    return Graphs.order(List.of(node)).contains(on);
  }
}
