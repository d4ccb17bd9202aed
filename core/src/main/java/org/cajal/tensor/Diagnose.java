package org.cajal.tensor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cajal.graph.Graphs;
import org.cajal.op.Input;
import org.cajal.op.Node;
import org.cajal.op.Op;
import org.cajal.run.Interpreter;
import org.cajal.type.NDArray;

/**
 * Finds where numbers went wrong, by running a graph node after node in the interpreter: slow, for
 * the one step that failed.
 */
public final class Diagnose {
  private Diagnose() {}

  /**
   * The first value that is not finite.
   *
   * @param tensor the operation's result, or the input or parameter itself
   * @param operation the operation's name, {@code log}; {@code input} or {@code state} for a value
   *     that came from outside
   * @param value NaN or an infinity
   */
  public record Fault(Tensor tensor, String operation, double value) {}

  /**
   * The operation that an output's NaN or infinity came from: its result is not finite, all that it
   * was computed from is, and the output depends on it through values that are not finite. Of
   * several the one that is computed first.
   *
   * @param outputs in the order in which they are looked at
   * @param feed the inputs of the run that went wrong; variables must still have the values it
   *     began with
   * @return nothing if all outputs are finite, as the interpreter computes them
   * @throws org.cajal.type.CajalException if an input is missing or has another type or shape
   */
  public static Optional<Fault> nonFinite(List<Tensor> outputs, Feed feed) {
    List<Node> roots = outputs.stream().map(Tensor::node).toList();
    Map<Node, Double> faults = faults(roots, feed);
    for (Node root : roots) {
      if (faults.containsKey(root)) {
        Node origin = origin(root, faults.keySet());
        return Optional.of(
            new Fault(new Tensor(origin), origin.op().name(), Graphs.get(faults, origin)));
      }
    }
    return Optional.empty();
  }

  /** Every node whose value is not finite, with the first such element. */
  private static Map<Node, Double> faults(List<Node> roots, Feed feed) {
    Map<Node, Integer> uses = Graphs.uses(roots);
    Map<Node, NDArray> values = new HashMap<>();
    Map<Node, Double> faults = new HashMap<>();
    for (Node node : Graphs.order(roots)) {
      NDArray value = value(node, values, feed);
      values.put(node, value);
      if (value.dtype().isFloating()) {
        for (long i = 0; i < value.size(); i++) {
          if (!Double.isFinite(value.get(i))) {
            faults.put(node, value.get(i));
            break;
          }
        }
      }
      for (Node input : node.inputs()) {
        if (uses.merge(input, -1, Integer::sum) == 0) {
          values.remove(input);
        }
      }
    }
    return faults;
  }

  /** One node on its inputs' values, which stand as fed inputs; leaves as they are. */
  private static NDArray value(Node node, Map<Node, NDArray> values, Feed feed) {
    if (node.op() instanceof Op.Leaf) {
      return Interpreter.evaluate(List.of(node), feed::get).get(0);
    }
    List<Node> stand = new ArrayList<>();
    Feed inputs = Feed.none();
    for (int i = 0; i < node.inputs().size(); i++) {
      NDArray value = Graphs.get(values, node.input(i));
      String name = "diagnose " + i;
      stand.add(Node.of(new Input(name, value.dtype(), value.shape())));
      inputs.and(name, value);
    }
    return Interpreter.evaluate(List.of(Node.of(node.op(), stand)), inputs::get).get(0);
  }

  /**
   * Against the data's flow through values that are not finite, to the earliest one made of finite
   * ones.
   */
  private static Node origin(Node root, Set<Node> faults) {
    List<Node> origins = new ArrayList<>();
    Set<Node> seen = new HashSet<>(Set.of(root));
    Deque<Node> open = new ArrayDeque<>(seen);
    while (!open.isEmpty()) {
      Node node = open.pop();
      boolean first = true;
      List<Node> sources =
          node.op() instanceof Op.Boundary ? List.of(node.input(0)) : node.inputs();
      for (Node input : sources) {
        if (faults.contains(input)) {
          first = false;
          if (seen.add(input)) {
            open.push(input);
          }
        }
      }
      if (first) {
        origins.add(node);
      }
    }
    return origins.stream().min(Comparator.comparingLong(Node::id)).orElse(root);
  }
}
