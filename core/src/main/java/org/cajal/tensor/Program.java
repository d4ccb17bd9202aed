package org.cajal.tensor;

import java.util.ArrayList;
import java.util.List;
import org.cajal.op.Node;
import org.cajal.run.Interpreter;
import org.cajal.type.NDArray;

/**
 * A graph compiled once for given shapes: outputs to read and variables to update. Immutable; any number of threads may run it at
 * once (updates of shared variables then race, as they would anywhere).
 */
public final class Program {
  private final List<Tensor> outputs;
  private final List<Update> updates;

  private Program(List<Tensor> outputs, List<Update> updates) {
    this.outputs = outputs;
    this.updates = updates;
  }

  /**
   * Compiles.
   *
   * @param outputs what a run answers
   * @param updates what variables become; all of them see the values from before the run
   */
  public static Program compile(List<Tensor> outputs, List<Update> updates) {
    return new Program(List.copyOf(outputs), List.copyOf(updates));
  }

  /**
   * Runs once.
   *
   * @throws org.cajal.type.CajalException if an input is missing or has another type or shape
   */
  public Results run(Feed feed) {
    List<Node> nodes = new ArrayList<>(outputs.stream().map(Tensor::node).toList());
    updates.forEach(u -> nodes.add(u.value().node()));
    List<NDArray> values = Interpreter.evaluate(nodes, feed::get);
    for (int i = 0; i < updates.size(); i++) {
      updates.get(i).variable().set(values.get(outputs.size() + i));
    }
    return new Results(outputs, values.subList(0, outputs.size()));
  }
}
