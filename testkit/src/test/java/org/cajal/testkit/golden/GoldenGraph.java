package org.cajal.testkit.golden;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cajal.tensor.Feed;
import org.cajal.tensor.Gradients;
import org.cajal.tensor.Program;
import org.cajal.tensor.Results;
import org.cajal.tensor.Tensor;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.jspecify.annotations.Nullable;

/**
 * A golden case as a graph: its inputs as parameters, its outputs as tensors, its gradients by one
 * backward pass.
 */
final class GoldenGraph {
  /** The outputs by name. */
  interface Graph {
    Map<String, Tensor> of(Inputs inputs);
  }

  /** The inputs of a case as tensors; a graph may put others in their place. */
  static final class Inputs {
    private final GoldenCase golden;
    private final DType dtype;
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final Set<String> transposed = new HashSet<>();

    private Inputs(GoldenCase golden, DType dtype) {
      this.golden = golden;
      this.dtype = dtype;
    }

    DType dtype() {
      return dtype;
    }

    NDArray array(String name) {
      return golden.input(name, dtype);
    }

    boolean has(String name) {
      return golden.hasInput(name);
    }

    Tensor get(String name) {
      return tensors.computeIfAbsent(name, n -> Tensor.parameter(n, array(n)));
    }

    /** The tensor of an input, or nothing where the case has none. */
    @Nullable Tensor optional(String name) {
      return has(name) ? get(name) : null;
    }

    /** Lets a parameter that the graph made itself stand for an input. */
    void stand(String name, Tensor parameter) {
      tensors.put(name, parameter);
    }

    /** Lets a parameter that holds the transpose of an input stand for it. */
    void standTransposed(String name, Tensor parameter) {
      tensors.put(name, parameter);
      transposed.add(name);
    }

    private Tensor back(String name, Tensor gradient) {
      return transposed.contains(name) ? gradient.transpose() : gradient;
    }
  }

  private GoldenGraph() {}

  /** Computes all outputs and gradients of a case in a precision. */
  static GoldenResult evaluate(GoldenCase golden, DType dtype, Graph graph) {
    Inputs inputs = new Inputs(golden, dtype);
    Map<String, Tensor> answers = new LinkedHashMap<>(graph.of(inputs));
    List<String> names = golden.grads();
    if (!names.isEmpty()) {
      List<Tensor> wanted = names.stream().map(inputs::get).toList();
      List<Tensor> gradients = Gradients.of(total(golden, answers, dtype)).withRespectTo(wanted);
      for (int i = 0; i < wanted.size(); i++) {
        answers.put("grad." + names.get(i), inputs.back(names.get(i), gradients.get(i)));
      }
    }
    Results results =
        Program.compile(new ArrayList<>(answers.values()), List.of()).run(Feed.none());
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
