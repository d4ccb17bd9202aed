package org.cajal.testkit;

import java.util.List;
import java.util.Map;
import org.cajal.op.Node;
import org.cajal.run.Interpreter;
import org.cajal.tensor.Feed;
import org.cajal.tensor.Program;
import org.cajal.tensor.Results;
import org.cajal.tensor.Tensor;
import org.cajal.type.NDArray;

/** A way to compute graphs: what a contract is checked on. */
public interface Evaluator {
  /**
   * The values of nodes.
   *
   * @param outputs what is asked for
   * @param feed the value of each input by its name
   * @return one array for each output, of its type and shape
   */
  List<NDArray> evaluate(List<Node> outputs, Map<String, NDArray> feed);

  /** The interpreter: slow, plain, the definition. */
  static Evaluator interpreter() {
    return (outputs, feed) -> Interpreter.evaluate(outputs, feed::get);
  }

  /** Compiled programs, as users run them. */
  static Evaluator program() {
    return (outputs, feed) -> {
      List<Tensor> tensors = outputs.stream().map(Tensor::new).toList();
      Feed values = Feed.none();
      feed.forEach(values::and);
      Results results = Program.compile(tensors, List.of()).run(values);
      return tensors.stream().map(results::get).toList();
    };
  }
}
