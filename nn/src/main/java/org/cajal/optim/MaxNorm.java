package org.cajal.optim;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.cajal.op.Variable;
import org.cajal.tensor.Tensor;
import org.cajal.tensor.Update;

/**
 * A bound on the weights that enter one neuron: after each step a column of a weight [in, out], or
 * a filter of a kernel [out, in, ...], that is longer than the limit is scaled back to it (N.
 * Srebro, A. Shraibman, 2005; used with dropout by N. Srivastava et al., 2014). Vectors and
 * scalars, which are biases and scales, are left alone.
 *
 * @param limit the largest Euclidean norm, larger than 0; 3 to 4 is usual
 */
public record MaxNorm(double limit) {
  /**
   * Checks the setting.
   *
   * @throws org.cajal.type.CajalException if the limit is not positive
   */
  public MaxNorm {
    Rule.positive("max norm", "limit", limit);
  }

  /**
   * The updates of an optimiser with this bound on those of the given parameters.
   *
   * @param updates of parameters and slots
   * @param parameters which of the updated variables are parameters
   */
  public List<Update> apply(List<Update> updates, List<Tensor> parameters) {
    Set<Variable> bounded = new HashSet<>();
    parameters.stream().filter(p -> p.rank() >= 2).forEach(p -> bounded.add(p.variable()));
    return updates.stream()
        .map(
            u ->
                bounded.contains(u.variable()) ? new Update(u.variable(), constrain(u.value())) : u)
        .toList();
  }

  /** A weight of two axes or more within the bound. */
  public Tensor constrain(Tensor weight) {
    int[] axes = weight.rank() == 2 ? new int[] {0} : IntStream.range(1, weight.rank()).toArray();
    Tensor norm = weight.square().sumKeep(axes).sqrt();
    Tensor most = Tensor.scalar(weight.dtype(), limit);
    return weight.times(Tensor.where(norm.greater(limit), most.dividedBy(norm), Rule.one(weight)));
  }
}
