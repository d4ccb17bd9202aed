package org.cajal.graph;

import java.util.Collection;
import org.cajal.op.Node;

/**
 * Checks what every graph must satisfy; run after each pass in tests, and in production with {@code
 * -Dcajal.verify=true}.
 */
public final class Verifier {
  private static final boolean ENABLED = Boolean.getBoolean("cajal.verify");

  private Verifier() {}

  /** Verifies if the switch is on. */
  public static void afterPass(String pass, Collection<Node> outputs) {
    if (ENABLED) {
      verify(pass, outputs);
    }
  }

  /**
   * Verifies that each node's type and shape are what its operation says, that inputs are older
   * than their users, and that nodes are interned.
   *
   * @throws IllegalStateException naming the pass and the node
   */
  public static void verify(String pass, Collection<Node> outputs) {
    for (Node node : Graphs.order(outputs)) {
      for (Node input : node.inputs()) {
        if (input.id() >= node.id()) {
          throw new IllegalStateException(pass + ": " + node + " is older than its input " + input);
        }
      }
      if (node.op().type(node.inputs()) != node.dtype()
          || !node.op().shape(node.inputs()).equals(node.shape())) {
        throw new IllegalStateException(
            pass + ": type or shape of " + node + " is not what its operation says");
      }
      if (Node.of(node.op(), node.inputs()) != node) {
        throw new IllegalStateException(pass + ": " + node + " is not interned");
      }
    }
  }
}
