package org.cajal.op;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;

/**
 * A vertex of the graph: an operation applied to earlier nodes, with the type and shape of its
 * result. Immutable and interned: the same operation on the same inputs is the same object, so
 * identity is equality. Types and shapes are checked when a node is made. The building methods are
 * strict: operands have equal shapes and types ({@code Tensor} broadcasts).
 */
public final class Node {
  private record Key(Op op, List<Node> inputs) {}

  private static final class Interned extends WeakReference<Node> {
    final Key key;

    Interned(Key key, Node node) {
      super(node, COLLECTED);
      this.key = key;
    }
  }

  private static final ReferenceQueue<Node> COLLECTED = new ReferenceQueue<>();
  private static final ConcurrentHashMap<Key, Interned> NODES = new ConcurrentHashMap<>();
  private static final AtomicLong NEXT = new AtomicLong();

  private final Op op;
  private final List<Node> inputs;
  private final DType dtype;
  private final Shape shape;
  private final long id;

  private Node(Op op, List<Node> inputs, DType dtype, Shape shape) {
    this.op = op;
    this.inputs = inputs;
    this.dtype = dtype;
    this.shape = shape;
    this.id = NEXT.getAndIncrement();
  }

  /**
   * The node of an operation on inputs.
   *
   * @throws org.cajal.type.CajalException if the operation refuses their types or shapes
   */
  public static Node of(Op op, List<Node> inputs) {
    Allowance.take(1);
    while (COLLECTED.poll() instanceof Interned gone) {
      NODES.remove(gone.key, gone);
    }
    Key key = new Key(op, List.copyOf(inputs));
    Interned found = NODES.get(key);
    Node node = found == null ? null : found.get();
    if (node != null) {
      return node;
    }
    DType dtype = op.type(key.inputs);
    Node made = new Node(op, key.inputs, dtype, op.shape(key.inputs));
    Interned mine = new Interned(key, made);
    while (true) {
      Interned other = NODES.putIfAbsent(key, mine);
      if (other == null) {
        return made;
      }
      Node theirs = other.get();
      if (theirs != null) {
        return theirs;
      }
      NODES.remove(key, other);
    }
  }

  /** The node of an operation on inputs. */
  public static Node of(Op op, Node... inputs) {
    return of(op, Arrays.asList(inputs));
  }

  /** The operation. */
  public Op op() {
    return op;
  }

  /** The operands in order. */
  public List<Node> inputs() {
    return inputs;
  }

  /** The operand at a position. */
  public Node input(int index) {
    return inputs.get(index);
  }

  /** The element type of the result. */
  public DType dtype() {
    return dtype;
  }

  /** The shape of the result. */
  public Shape shape() {
    return shape;
  }

  /** A number that grows with each node made: an order in which inputs come before their users. */
  public long id() {
    return id;
  }

  // Leaves

  /** A constant array. */
  public static Node constant(NDArray value) {
    return of(new Constant(value));
  }

  /** A constant scalar. */
  public static Node constant(DType type, double value) {
    return of(new Constant(NDArray.scalar(type, value)));
  }

  /** A constant of this node's type, broadcast to its shape. */
  public Node like(double value) {
    return constant(dtype, value).broadcast(shape);
  }

  // Elementwise

  /** −this. */
  public Node negate() {
    return of(new Negate(), this);
  }

  /** |this|. */
  public Node absolute() {
    return of(new Absolute(), this);
  }

  /** The sign. */
  public Node sign() {
    return of(new Sign(), this);
  }

  /** The floor. */
  public Node floor() {
    return of(new Floor(), this);
  }

  /** e^this. */
  public Node exp() {
    return of(new Exp(), this);
  }

  /** The natural logarithm. */
  public Node log() {
    return of(new Log(), this);
  }

  /** The square root. */
  public Node sqrt() {
    return of(new Sqrt(), this);
  }

  /** The sine. */
  public Node sin() {
    return of(new Sin(), this);
  }

  /** The cosine. */
  public Node cos() {
    return of(new Cos(), this);
  }

  /** The hyperbolic tangent. */
  public Node tanh() {
    return of(new Tanh(), this);
  }

  /** The arc tangent. */
  public Node atan() {
    return of(new Atan(), this);
  }

  /** The error function. */
  public Node erf() {
    return of(new Erf(), this);
  }

  /** The value in another type; this node itself where it has that type. */
  public Node cast(DType to) {
    return to == dtype ? this : of(new Cast(to, dtype), this);
  }

  /** this + y. */
  public Node add(Node y) {
    return of(new Add(), this, y);
  }

  /** this − y. */
  public Node subtract(Node y) {
    return of(new Subtract(), this, y);
  }

  /** this · y. */
  public Node multiply(Node y) {
    return of(new Multiply(), this, y);
  }

  /** this / y. */
  public Node divide(Node y) {
    return of(new Divide(), this, y);
  }

  /** this to the power y. */
  public Node power(Node y) {
    return of(new Power(), this, y);
  }

  /** The smaller. */
  public Node minimum(Node y) {
    return of(new Minimum(), this, y);
  }

  /** The larger. */
  public Node maximum(Node y) {
    return of(new Maximum(), this, y);
  }

  /** Both truth values. */
  public Node and(Node y) {
    return minimum(y);
  }

  /** this &lt; y. */
  public Node less(Node y) {
    return of(new Compare(Compare.Relation.LESS), this, y);
  }

  /** this ≤ y. */
  public Node lessOrEqual(Node y) {
    return of(new Compare(Compare.Relation.LESS_OR_EQUAL), this, y);
  }

  /** this = y. */
  public Node equal(Node y) {
    return of(new Compare(Compare.Relation.EQUAL), this, y);
  }

  /** x where the condition holds, else y. */
  public static Node select(Node condition, Node x, Node y) {
    return of(new Select(), condition, x, y);
  }

  // Reductions; axes stay with size 1

  /** The sum over axes; this node itself for no axes. */
  public Node sum(List<Integer> axes) {
    return axes.isEmpty() ? this : of(new Sum(axes), this);
  }

  // Shape

  /** The same elements in row-major order under another shape. */
  public Node reshape(Shape to) {
    return to.equals(shape) ? this : of(new Reshape(to), this);
  }

  /** Axis i of the result is axis permutation[i] of this. */
  public Node transpose(List<Integer> permutation) {
    for (int i = 0; i < permutation.size(); i++) {
      if (permutation.get(i) != i) {
        return of(new Transpose(permutation), this);
      }
    }
    return this;
  }

  /** This with its last two axes swapped. */
  public Node swapLast() {
    List<Integer> p = new ArrayList<>();
    for (int i = 0; i < shape.rank(); i++) {
      p.add(i);
    }
    p.set(shape.rank() - 1, shape.rank() - 2);
    p.set(shape.rank() - 2, shape.rank() - 1);
    return transpose(p);
  }

  /** This repeated along axes of size 1 and new leading axes. */
  public Node broadcast(Shape to) {
    return to.equals(shape) ? this : of(new Broadcast(to), this);
  }

  /** Type, operation and shape. */
  @Override
  public String toString() {
    return "%"
        + id
        + " = "
        + op
        + " "
        + inputs.stream().map(n -> "%" + n.id).toList()
        + " : "
        + dtype
        + " "
        + shape;
  }
}
