package org.cajal.layer;

import org.cajal.tensor.Tensor;

/**
 * A step of a network: a pure function of its input and of the parameters that it asks its scope
 * for, whose shapes follow from the input. A layer is a record: its components are the
 * architecture, they print, compare and are saved; numbers live in {@link Parameters}. One layer
 * value can therefore serve any number of models, batch sizes and programs.
 *
 * <pre>{@code
 * public record Scale(double initial) implements Layer {
 *   @Override
 *   public Tensor apply(Tensor x, Scope scope) {
 *     Tensor factor = scope.parameter("factor", Shape.of(x.dim(-1)), Initializer.constant(initial));
 *     return x.times(factor);
 *   }
 * }
 * }</pre>
 */
@FunctionalInterface
public interface Layer {
  /**
   * The forward pass.
   *
   * @param x the input; its first axis counts the samples of a batch
   * @param scope names parameters and state of this layer, knows mode, element type and random
   *     numbers
   * @throws org.cajal.type.CajalException if the input does not fit the layer; the message names
   *     the layer and its path
   */
  Tensor apply(Tensor x, Scope scope);
}
