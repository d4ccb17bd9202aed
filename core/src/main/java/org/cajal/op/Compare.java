package org.cajal.op;

import java.util.Arrays;
import java.util.List;
import org.cajal.type.DType;
import org.jspecify.annotations.Nullable;

/**
 * A comparison of two elements, a truth value; false where either is NaN.
 *
 * @param relation what is asked
 */
public record Compare(Relation relation) implements Op.Binary {
  /** The relation between the first and the second element. */
  public enum Relation {
    /** Less. */
    LESS,
    /** Less or equal. */
    LESS_OR_EQUAL,
    /** Equal. */
    EQUAL
  }

  @Override
  public DType type(DType x) {
    if (relation != Relation.EQUAL) {
      numeric(x);
    }
    return DType.BOOL;
  }

  @Override
  public <V> V lane(Lanes<V> k, V x, V y) {
    return switch (relation) {
      case LESS -> k.less(x, y);
      case LESS_OR_EQUAL -> k.lessOrEqual(x, y);
      case EQUAL -> k.equal(x, y);
    };
  }

  @Override
  public List<@Nullable Node> vjp(Node dz, Node x, Node y, Node z) {
    return Arrays.asList(null, null);
  }
}
