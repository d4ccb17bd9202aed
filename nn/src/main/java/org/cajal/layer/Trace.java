package org.cajal.layer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cajal.op.Node;
import org.cajal.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What happened in a forward pass, layer by layer: for summaries, drawings, and for finding the
 * layer that a number came from.
 */
public final class Trace {
  /**
   * One layer's application. Parameters and multiply-adds are the layer's own: those of layers
   * inside it are in their own steps, so that sums over all steps are the model's.
   *
   * @param path of the layer; empty for the outermost
   * @param depth how many layers it is inside of
   * @param layer the layer
   * @param input what it was applied to
   * @param output what it gave
   * @param parameters the number of learned numbers that it asked for and no layer before it
   * @param multiplyAdds of its matrix products and convolutions, for the whole batch
   */
  public record Step(
      String path,
      int depth,
      Layer layer,
      Tensor input,
      Tensor output,
      long parameters,
      long multiplyAdds) {
    /** The layer's name in messages, see {@link Scope#nameOf}. */
    public String name() {
      return Scope.nameOf(layer);
    }
  }

  private final List<@Nullable Step> steps = new ArrayList<>();
  private final Map<Node, String> pathOfNode = new HashMap<>();

  private long leftOut;

  Trace(Tensor input) {
    claim(input, null);
  }

  /** Reserves the place of a step, so that a layer comes before those inside it. */
  int begin() {
    steps.add(null);
    return steps.size() - 1;
  }

  void end(
      int index,
      String path,
      int depth,
      Layer layer,
      Tensor input,
      Tensor output,
      long parameters,
      long claimed) {
    long multiplyAdds = claimed + claim(output, path);
    steps.set(index, new Step(path, depth, layer, input, output, parameters, multiplyAdds));
  }

  /** Assigns all nodes below that no layer owns yet to a layer, and counts their multiply-adds. */
  long claim(Tensor output, @Nullable String path) {
    long multiplyAdds = 0;
    Deque<Node> open = new ArrayDeque<>();
    open.push(output.node());
    while (!open.isEmpty()) {
      Node node = open.pop();
      if (pathOfNode.containsKey(node)) {
        continue;
      }
      pathOfNode.put(node, path);
      multiplyAdds += MultiplyAdds.of(node);
      node.inputs().forEach(open::push);
    }
    return multiplyAdds;
  }

  void leftOut(int steps) {
    leftOut += steps;
  }

  /** How many steps of recurrences are not in the graph, in a {@link Forward#sketch}. */
  public long leftOut() {
    return leftOut;
  }

  /** The steps in the order of the forward pass, each layer before those inside it. */
  public List<Step> steps() {
    List<Step> out = new ArrayList<>();
    for (Step step : steps) {
      if (step != null) {
        out.add(step);
      }
    }
    return List.copyOf(out);
  }

  /**
   * The path of the layer that computed a tensor; nothing for the model's input and tensors from
   * elsewhere.
   */
  public Optional<String> pathOf(Tensor tensor) {
    return Optional.ofNullable(pathOfNode.get(tensor.node()));
  }

  /** The number of learned numbers that all layers asked for. */
  public long parameters() {
    return steps().stream().mapToLong(Step::parameters).sum();
  }

  /** The multiply-adds of all layers, for the whole batch. */
  public long multiplyAdds() {
    return steps().stream().mapToLong(Step::multiplyAdds).sum();
  }
}
