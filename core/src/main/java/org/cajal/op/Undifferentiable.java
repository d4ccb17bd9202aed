package org.cajal.op;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The input itself, with the statement that asking for a gradient through it is a mistake.
 *
 * @param label the function's name for the message, for example {@code heaviside}
 * @param advice how to fix, for example "use sigmoid, or the perceptron rule"
 */
public record Undifferentiable(String label, String advice) implements Op.Boundary {
  @Override
  public List<@Nullable Node> vjp(Node dy, Node y) {
    throw org.cajal.type.CajalException.at(
        label, "has no useful gradient: it is 0 wherever it exists; " + advice);
  }
}
