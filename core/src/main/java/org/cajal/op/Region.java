package org.cajal.op;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * A named stretch of the graph with a gradient of its own, for functions whose derived gradient
 * would lose digits or stability. Inputs: the value, then n arguments, then n derivatives; the
 * result is the value. Argument i gets the gradient dy · derivative i, summed where the argument's
 * shape has been reduced (dy broadcasts to the derivative's shape). Derivatives are ordinary graph
 * in the arguments, so that higher orders follow. Compilation removes regions.
 *
 * @param label the function's name, for drawings and profiles
 * @param arguments n
 */
public record Region(String label, int arguments) implements Op.Boundary {
  @Override
  public Shape shape(List<Node> inputs) {
    if (inputs.size() != 1 + 2 * arguments) {
      throw error(
          "needs a value, "
              + arguments
              + " arguments and as many derivatives, found "
              + inputs.size()
              + " inputs");
    }
    for (int i = 1; i <= arguments; i++) {
      if (!inputs.get(i).shape().equals(inputs.get(arguments + i).shape())) {
        throw error(
            label
                + ": argument "
                + inputs.get(i).shape()
                + " and derivative "
                + inputs.get(arguments + i).shape()
                + " differ in shape");
      }
    }
    return inputs.get(0).shape();
  }

  @Override
  public List<@Nullable Node> vjp(Node dy, Node y) {
    List<@Nullable Node> out =
        new ArrayList<@Nullable Node>(Collections.nCopies(1 + 2 * arguments, null));
    for (int i = 1; i <= arguments; i++) {
      Node derivative = y.input(arguments + i);
      out.set(i, dy.broadcast(derivative.shape()).multiply(derivative));
    }
    return out;
  }
}
