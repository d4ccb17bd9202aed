package org.cajal.testkit.golden;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cajal.tensor.Feed;
import org.cajal.tensor.Gradients;
import org.cajal.tensor.Program;
import org.cajal.tensor.Results;
import org.cajal.tensor.Tensor;
import org.cajal.type.DType;
import org.cajal.type.NDArray;

/** A golden case as a graph: its inputs as parameters, its outputs as tensors, its gradients by one backward pass. */
final class GoldenGraph {
  /** The outputs by name, given the inputs by name. */
  interface Graph {
    Map<String, Tensor> of(Map<String, Tensor> inputs);
  }

  private GoldenGraph() {}

  /** Computes all outputs and gradients of a case in a precision. */
  static GoldenResult evaluate(GoldenCase golden, DType dtype, Graph graph) {
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (String name : golden.inputs()) {
      inputs.put(name, Tensor.parameter(name, golden.input(name, dtype)));
    }
    Map<String, Tensor> answers = new LinkedHashMap<>(graph.of(inputs));
    if (!golden.grads().isEmpty()) {
      Tensor total = total(golden, answers, dtype);
      List<Tensor> wanted = golden.grads().stream().map(inputs::get).toList();
      List<Tensor> gradients = Gradients.of(total).withRespectTo(wanted);
      for (int i = 0; i < wanted.size(); i++) {
        answers.put("grad." + golden.grads().get(i), gradients.get(i));
      }
    }
    List<Tensor> tensors = new ArrayList<>(answers.values());
    Results results = Program.compile(tensors, List.of()).run(Feed.none());
    Map<String, NDArray> values = new LinkedHashMap<>();
    answers.forEach((name, tensor) -> values.put(name, results.get(tensor)));
    return GoldenResult.of(dtype, values);
  }

  private static Tensor total(GoldenCase golden, Map<String, Tensor> outputs, DType dtype) {
    Tensor total = Tensor.scalar(dtype, 0);
    for (Map.Entry<String, Tensor> output : outputs.entrySet()) {
      NDArray probe = golden.probe(output.getKey()).orElse(null);
      if (probe != null) {
        total = total.plus(output.getValue().times(Tensor.constant(probe.cast(dtype))).sum());
      } else if (output.getKey().equals("loss")) {
        total = total.plus(output.getValue());
      }
    }
    return total;
  }
}
