package org.cajal.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.cajal.op.Node;

/** Walks over graphs. */
public final class Graphs {
  private Graphs() {}

  /** All nodes that the outputs depend on, the outputs included, inputs before their users. */
  public static List<Node> order(Collection<Node> outputs) {
    Set<Node> seen = new HashSet<>(outputs);
    Deque<Node> open = new ArrayDeque<>(seen);
    while (!open.isEmpty()) {
      for (Node input : open.pop().inputs()) {
        if (seen.add(input)) {
          open.push(input);
        }
      }
    }
    List<Node> order = new ArrayList<>(seen);
    order.sort(Comparator.comparingLong(Node::id));
    return order;
  }

  /**
   * Rebuilds the graph below the outputs from the leaves up.
   *
   * @param rule what replaces a node, given the node and its rebuilt inputs
   * @return for each old node the new one
   */
  public static Map<Node, Node> rewrite(
      Collection<Node> outputs, BiFunction<Node, List<Node>, Node> rule) {
    Map<Node, Node> renewed = new HashMap<>();
    for (Node node : order(outputs)) {
      List<Node> inputs = new ArrayList<>(node.inputs().size());
      for (Node input : node.inputs()) {
        inputs.add(get(renewed, input));
      }
      renewed.put(node, rule.apply(node, inputs));
    }
    return renewed;
  }

  /** The entry of a map that must have one. */
  public static <K, V> V get(Map<K, V> map, K key) {
    V value = map.get(key);
    if (value == null) {
      throw new IllegalStateException("no entry for " + key);
    }
    return value;
  }

  /** For each node below the outputs how many times others use it; outputs count once more. */
  public static Map<Node, Integer> uses(Collection<Node> outputs) {
    Map<Node, Integer> uses = new HashMap<>();
    for (Node node : order(outputs)) {
      uses.putIfAbsent(node, 0);
      for (Node input : node.inputs()) {
        uses.merge(input, 1, Integer::sum);
      }
    }
    for (Node output : outputs) {
      uses.merge(output, 1, Integer::sum);
    }
    return uses;
  }

  /** One line for each node: {@code %7 = Exp[] [%3] : F32 [64, 10]}. */
  public static String print(Collection<Node> outputs) {
    StringBuilder text = new StringBuilder();
    for (Node node : order(outputs)) {
      text.append(node).append('\n');
    }
    return text.toString();
  }
}
