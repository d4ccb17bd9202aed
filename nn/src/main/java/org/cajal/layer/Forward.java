package org.cajal.layer;

import java.util.List;
import org.cajal.tensor.Tensor;
import org.cajal.tensor.Update;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.jspecify.annotations.Nullable;

/**
 * The graph of a model for one shape of input.
 *
 * @param output what the model answers
 * @param updates what its state (running statistics) is to be after the run; none in evaluation
 * @param trace what each layer did
 */
public record Forward(Tensor output, List<Update> updates, Trace trace) {
  /** Fixes the list. */
  public Forward {
    updates = List.copyOf(updates);
  }

  /**
   * Applies a model to an input.
   *
   * @param layer the model
   * @param parameters its numbers; those that are not there yet are made
   * @param input usually {@code Tensor.input(...)}; its first axis counts the samples
   * @param mode training or evaluation
   * @param key I32 [2], which must change from step to step, for dropout and noise; may be null in
   *     evaluation and for models without random layers
   * @throws CajalException if a layer refuses its input; the message names the layer and its path;
   *     or if the parameters of a new model do not fit into memory, before one is made
   */
  public static Forward of(
      Layer layer, Parameters parameters, Tensor input, Mode mode, @Nullable Tensor key) {
    if (parameters.isNew()) {
      // Refuses what would not fit, before the first parameter takes memory and time.
      outline(layer, parameters.dtype(), input);
    }
    Trace trace = new Trace(input);
    Building building = new Building(parameters, mode, key, trace);
    Tensor output = Scope.outermost(building, layer, input);
    return new Forward(output, building.updates(), trace);
  }

  /** Applies a model in evaluation, where no random numbers are needed. */
  public static Forward evaluation(Layer layer, Parameters parameters, Tensor input) {
    return of(layer, parameters, input, Mode.EVALUATION, null);
  }

  /**
   * What a model asks for, without what takes long to build: as {@link #evaluation}, but each
   * recurrence is one input of the shape of its result. The trace counts its work all the same.
   */
  public static Forward sketch(Layer layer, Parameters parameters, Tensor input) {
    if (parameters.isNew()) {
      outline(layer, parameters.dtype(), input);
    }
    Trace trace = new Trace(input);
    Building building = Building.sketch(parameters, trace);
    Tensor output = Scope.outermost(building, layer, input);
    return new Forward(output, List.of(), trace);
  }

  /**
   * What a model asks for: a {@link #sketch} with inputs in place of parameters too, none of which
   * is made.
   *
   * @param dtype of the parameters
   * @throws CajalException if a layer refuses its input; the message names the layer and its path;
   *     or if the parameters would not fit into memory
   */
  public static Forward outline(Layer layer, DType dtype, Tensor input) {
    Trace trace = new Trace(input);
    Building building = Building.outline(dtype, trace);
    Tensor output = Scope.outermost(building, layer, input);
    Parameters.refuseIfTooLarge(building.bytes());
    return new Forward(output, List.of(), trace);
  }
}
