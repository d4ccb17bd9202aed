package org.cajal.grad;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cajal.graph.Graphs;
import org.cajal.op.Node;
import org.jspecify.annotations.Nullable;

/**
 * Reverse-mode differentiation (Linnainmaa 1970; Rumelhart, Hinton and Williams 1986) of a graph
 * into more graph.
 */
public final class Backpropagation {
  private Backpropagation() {}

  /**
   * The gradient of Σᵢ ⟨outputᵢ, seedᵢ⟩ for each wanted node; zeros where no path leads to it.
   *
   * @param outputs differentiated results
   * @param seeds for each of them its weight, of its type and shape
   * @param wanted floating nodes below the outputs
   * @return one gradient for each wanted node, of its type and shape
   */
  public static List<Node> gradients(List<Node> outputs, List<Node> seeds, List<Node> wanted) {
    List<Node> order = Graphs.order(outputs);
    Set<Node> relevant = new HashSet<>(wanted);
    for (Node node : order) {
      if (node.dtype().isFloating() && node.inputs().stream().anyMatch(relevant::contains)) {
        relevant.add(node);
      }
    }
    Map<Node, Node> gradient = new HashMap<>();
    for (int i = 0; i < outputs.size(); i++) {
      gradient.merge(outputs.get(i), seeds.get(i), Node::add);
    }
    Set<Node> targets = new HashSet<>(wanted);
    for (int i = order.size() - 1; i >= 0; i--) {
      Node y = order.get(i);
      Node dy = gradient.get(y);
      if (dy == null
          || !relevant.contains(y)
          || y.inputs().stream().noneMatch(relevant::contains)) {
        continue;
      }
      List<@Nullable Node> parts = y.op().vjp(dy, y);
      for (int j = 0; j < parts.size(); j++) {
        Node part = parts.get(j);
        Node input = y.input(j);
        if (part != null && relevant.contains(input)) {
          if (part.dtype() != input.dtype() || !part.shape().equals(input.shape())) {
            throw new IllegalStateException(
                "gradient " + part + " does not fit the input " + input + " of " + y);
          }
          gradient.merge(input, part, Node::add);
        }
      }
      if (!targets.contains(y)) {
        gradient.remove(y);
      }
    }
    List<Node> result = new ArrayList<>(wanted.size());
    for (Node node : wanted) {
      Node g = gradient.get(node);
      result.add(g == null ? node.like(0) : g);
    }
    return result;
  }
}
