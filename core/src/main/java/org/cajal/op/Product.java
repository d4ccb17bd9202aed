package org.cajal.op;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The product over axes; 1 over nothing. The gradient is right with zeros among the factors too:
 * with one zero only that factor has a gradient, the product of the others, with more none has.
 * Second derivatives at a zero factor see the factors other than it only.
 *
 * @param axes the reduced axes, ascending, from 0; they stay with size 1
 */
public record Product(List<Integer> axes) implements Op.Reduction {
  /** Fixes the axes. */
  public Product {
    axes = List.copyOf(axes);
  }

  @Override
  public double start() {
    return 1;
  }

  @Override
  public <V> V combine(Lanes<V> k, V accumulated, V x) {
    return k.multiply(accumulated, x);
  }

  @Override
  public List<@Nullable Node> vjp(Node dy, Node y) {
    Node x = y.input(0);
    Node zero = x.like(0);
    Node isZero = x.equal(zero);
    Node zeros = Node.select(isZero, x.like(1), zero).sum(axes);
    Node others = Node.of(this, Node.select(isZero, x.like(1), x));
    Node one = zeros.like(1);
    Node single = Node.select(zeros.equal(one), others, others.like(0)).broadcast(x.shape());
    Node none = zeros.equal(zeros.like(0)).broadcast(x.shape());
    Node quotient = y.broadcast(x.shape()).divide(Node.select(isZero, x.like(1), x));
    Node factor = Node.select(none, quotient, Node.select(isZero, single, zero));
    return Arrays.asList(dy.broadcast(x.shape()).multiply(factor));
  }
}
