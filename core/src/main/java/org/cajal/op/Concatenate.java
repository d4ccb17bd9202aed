package org.cajal.op;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * The inputs one after the other along an axis; their other axes agree.
 *
 * @param axis the axis, from 0
 */
public record Concatenate(int axis) implements Op.Arrange {
  @Override
  public Shape shape(List<Node> inputs) {
    if (inputs.isEmpty()) {
      throw error("nothing to join");
    }
    Shape first = inputs.get(0).shape();
    long total = 0;
    for (Node input : inputs) {
      Shape s = input.shape();
      if (s.rank() != first.rank() || !s.with(axis, 0).equals(first.with(axis, 0))) {
        throw error("shapes " + first + " and " + s + " differ off axis " + axis);
      }
      total += s.dim(axis);
    }
    return first.with(axis, Math.toIntExact(total));
  }

  @Override
  public List<@Nullable Node> vjp(Node dy, Node y) {
    List<@Nullable Node> out = new ArrayList<>();
    List<Integer> start = new ArrayList<>(Collections.nCopies(y.shape().rank(), 0));
    List<Integer> step = Collections.nCopies(y.shape().rank(), 1);
    for (Node input : y.inputs()) {
      out.add(Node.of(new Slice(start, input.shape().dims(), step), dy));
      start.set(axis, start.get(axis) + input.shape().dim(axis));
    }
    return out;
  }
}
