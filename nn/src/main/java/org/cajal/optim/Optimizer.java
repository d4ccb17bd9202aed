package org.cajal.optim;

import java.util.List;
import org.cajal.tensor.Tensor;
import org.cajal.tensor.Update;

/**
 * The rule by which parameters follow their gradients: a record of its settings, and a function
 * from parameters and gradients to what the parameters (and the rule's own slots) are to be after
 * the step. The learning rate is no setting but an argument, since schedules change it; it and the
 * step number are inputs or states of the program, which is compiled once.
 *
 * <pre>{@code
 * List<Tensor> gradients = Gradients.of(loss).withRespectTo(parameters);
 * List<Update> updates = new Adam().updates(parameters, gradients, learningRate, step, slots);
 * }</pre>
 *
 * <p>Several groups of parameters with learning rates of their own are several calls.
 */
public interface Optimizer {
  /**
   * One step.
   *
   * @param parameters tensors of variables, floating
   * @param gradients one for each parameter, of its type and shape, already clipped
   * @param learningRate a floating scalar
   * @param step the number of this step, from 1, a floating scalar
   * @param slots where the rule keeps what it remembers; made on first use
   * @return the updates of all parameters and slots
   * @throws org.cajal.type.CajalException if the lists differ in length, or a gradient does not fit
   *     its parameter
   */
  List<Update> updates(
      List<Tensor> parameters,
      List<Tensor> gradients,
      Tensor learningRate,
      Tensor step,
      Slots slots);

  /**
   * A learning rate to begin with when nothing is known, as in the rule's paper or in common use.
   */
  double defaultLearningRate();
}
