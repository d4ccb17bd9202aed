package org.cajal.op;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The input itself, through which no gradient flows. */
public record StopGradient() implements Op.Boundary {
  @Override
  public List<@Nullable Node> vjp(Node dy, Node y) {
    return Arrays.asList((Node) null);
  }
}
