package org.cajal.compile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.cajal.graph.Graphs;
import org.cajal.op.Atan;
import org.cajal.op.Concatenate;
import org.cajal.op.Constant;
import org.cajal.op.Cos;
import org.cajal.op.Divide;
import org.cajal.op.Erf;
import org.cajal.op.Exp;
import org.cajal.op.Gather;
import org.cajal.op.Input;
import org.cajal.op.Log;
import org.cajal.op.MatMul;
import org.cajal.op.Node;
import org.cajal.op.Op;
import org.cajal.op.Pad;
import org.cajal.op.Power;
import org.cajal.op.Reshape;
import org.cajal.op.ScatterAdd;
import org.cajal.op.Sin;
import org.cajal.op.Slice;
import org.cajal.op.Sqrt;
import org.cajal.op.State;
import org.cajal.op.Tanh;
import org.cajal.op.Variable;
import org.cajal.run.simd.PanelKernel;
import org.cajal.type.DType;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Decides which values get memory of their own, joins the loops of those that share an index space,
 * and puts everything in order.
 *
 * <p>A value gets memory if it has a kernel of its own, is asked for, is read by such a kernel, or
 * would be costly to compute more than once. All others are computed where they are read. A value
 * joins the earliest nest after its operands in which it shares a producer or an operand; updates
 * of variables come last, after every reader of the old value.
 */
final class Scheduler {
  /** Recomputing up to this many simple operations is cheaper than a trip to memory. */
  private static final int CHEAP = 4;

  /**
   * Up to this many, an elementary function with some arithmetic, cost less than the way to main
   * memory and back for a value of so many bytes.
   */
  private static final int FUNCTION = 16;

  private static final long FAR_BYTES = 1 << 20;

  private static final double ROUNDING = 1e-6;

  /** An expression longer than this is cut. */
  private static final int LONG_EXPRESSION = 40;

  private static final int MAX_MEMBERS = 12;

  /** A matrix is laid out in panels if at least so many products multiply by it. */
  private static final int FEWEST_READERS = 3;

  /** Smaller matrices stay in the first-level cache, however they lie. */
  private static final int SMALLEST_SHARED = 2048;

  /** Shorter rows are gathered before loops read them. */
  private static final int SHORTEST_ROW = 256;

  /** Bytes of a cache line, at which buffers begin. */
  private static final int ALIGNMENT = 64;

  /** One entry of the schedule. */
  sealed interface Item permits Loops, Call, Panels, RowOffsets {}

  /** A nest; replaced as members join. */
  static final class Loops implements Item {
    Fused fused;
    final boolean open;

    Loops(Fused fused, boolean open) {
      this.fused = fused;
      this.open = open;
    }
  }

  /** An operation with a kernel of its own. */
  record Call(Node node) implements Item {}

  /**
   * A matrix that many products multiply by, [k, n], laid out once as they read it fastest.
   *
   * @param home where the panels lie
   */
  record Panels(Matrix matrix, Home.Slab home) implements Item {}

  /**
   * The rows' byte offsets that an index asks for, checked, for loops that read a table's rows
   * where they lie.
   *
   * @param index where to find the indices
   * @param home where the offsets lie
   */
  record RowOffsets(Node index, int rows, long rowBytes, Home.Slab home) implements Item {}

  /** A matrix [k, n] where it lies. */
  record Matrix(DType type, Strided at, int k, int n) {}

  final List<Item> items = new ArrayList<>();
  final Map<Node, Home> homes = new HashMap<>();

  /** Products whose right matrix is read from panels. */
  final Map<Node, Panels> panels = new HashMap<>();

  private final Set<Panels> laidOut = new HashSet<>();

  /** Gatherings that loops read where the table lies. */
  private final Map<Node, RowOffsets> byIndex = new LinkedHashMap<>();

  private final List<Node> outputs;
  private final Map<Variable, Node> updates;
  private final Set<Variable> late;
  private final Set<Node> forced;
  private final List<Node> order;
  private final Map<Node, Integer> placed = new HashMap<>();
  private final Map<Home, Integer> lastRead = new HashMap<>();
  private final Map<Home, Integer> written = new HashMap<>();
  private final Set<Node> materialized = new HashSet<>();

  /** Concatenations, which may be written by several items: complete only after the last. */
  private final Set<Node> pieced = new HashSet<>();

  private final Map<Node, Integer> cost = new HashMap<>();

  /** An update cannot be done in place, since its old value is still needed. */
  private static final class Conflict extends Exception {
    private static final long serialVersionUID = 1L;
    final transient Variable variable;

    Conflict(Variable variable) {
      super("", null, false, false);
      this.variable = variable;
    }
  }

  private Scheduler(
      List<Node> outputs, Map<Variable, Node> updates, Set<Variable> late, Set<Node> forced) {
    this.outputs = outputs;
    this.updates = updates;
    this.late = late;
    this.forced = forced;
    List<Node> roots = new ArrayList<>(outputs);
    roots.addAll(updates.values());
    this.order = Graphs.order(roots);
  }

  /** The schedule of simplified graphs. */
  static Scheduler schedule(List<Node> outputs, Map<Variable, Node> updates) {
    Set<Variable> late = new HashSet<>();
    Set<Node> forced = new HashSet<>();
    while (true) {
      Scheduler scheduler = new Scheduler(outputs, updates, late, forced);
      try {
        scheduler.run();
        return scheduler;
      } catch (Conflict conflict) {
        if (!late.add(conflict.variable)) {
          throw new IllegalStateException(
              "no order for the updates of " + conflict.variable, conflict);
        }
      } catch (Fused.Blocked blocked) {
        if (!forced.add(blocked.node)) {
          throw new IllegalStateException("no loops read " + blocked.node, blocked);
        }
      }
    }
  }

  // Which values get memory

  /** The node whose buffer holds this one's values contiguously: reshapes are free. */
  static Node base(Node node) {
    Node at = node;
    while (at.op() instanceof Reshape && !isScalarConstant(at.input(0))) {
      at = at.input(0);
    }
    return at;
  }

  static boolean isScalarConstant(Node node) {
    return node.op() instanceof Constant c && c.value().size() == 1;
  }

  /** Whether a node has elements of its own, which lie in memory in its own order if at all. */
  private static boolean isValue(Node node) {
    return !(node.op() instanceof Op.View) && !isScalarConstant(node);
  }

  /**
   * What a matrix product reads: a buffer's node and how its elements lie for the operand's
   * indices. Views are read through as far as they are affine.
   */
  record Strided(Node base, long start, List<Long> strides) {}

  static Strided strided(Node operand) {
    LoopSpace space = new LoopSpace(operand.shape());
    IndexMap map = IndexMap.zero(operand.shape().rank(), operand.shape().rank());
    for (int i = 0; i < operand.shape().rank(); i++) {
      map.coefficient()[i][i] = 1;
    }
    Node at = operand;
    while (at.op() instanceof Op.View view) {
      if (view instanceof Reshape && isValue(base(at))) {
        return strided(base(at), at, map, operand);
      }
      IndexMap next = map.through(view, at.input(0).shape(), at.shape(), space);
      space.forgetSplit();
      if (next == null) {
        break;
      }
      map = next;
      at = at.input(0);
    }
    return strided(at, at, map, operand);
  }

  private static Strided strided(Node base, Node at, IndexMap map, Node operand) {
    long[] strides = at.shape().strides();
    List<Long> steps = Arrays.stream(map.strides(strides, operand.shape().rank())).boxed().toList();
    return new Strided(base, map.start(strides), steps);
  }

  private void decide() {
    // How often an element is read, on the average: a reader of a part counts for its share.
    Map<Node, Double> fanout = new HashMap<>();
    Map<Node, Boolean> expanded = new HashMap<>();
    Map<Node, Integer> lastReader = new HashMap<>();
    Map<Variable, Node> inPlace = new HashMap<>();
    for (Node output : outputs) {
      Node b = base(output);
      boolean oldValue = b.op() instanceof State s && updates.containsKey(s.variable());
      materialized.add(oldValue || b.op() instanceof Op.View || isScalarConstant(b) ? output : b);
    }
    Set<Node> neededEarly =
        Graphs.order(outputs).isEmpty() ? Set.of() : new HashSet<>(Graphs.order(outputs));
    for (Map.Entry<Variable, Node> update : updates.entrySet()) {
      Node value = update.getValue();
      Variable variable = update.getKey();
      boolean simple = value.op() instanceof Op.Elementwise;
      if (simple
          && !late.contains(variable)
          && !neededEarly.contains(value)
          && !inPlace.containsValue(value)) {
        inPlace.put(variable, value);
      } else if (value.op() instanceof State s
          && updates.containsKey(s.variable())
          && s.variable() != variable) {
        materialized.add(value);
      } else if (value.op() instanceof Op.View || value.op() instanceof Gather) {
        materialized.add(value);
      } else if (late.contains(variable) || neededEarly.contains(value)) {
        materialized.add(value);
      }
    }
    inPlace.forEach((variable, value) -> homes.put(value, new Home.Cell(variable)));
    materialized.addAll(inPlace.values());
    materialized.addAll(forced);
    for (int i = order.size() - 1; i >= 0; i--) {
      Node node = order.get(i);
      if (outputs.contains(node) || updates.containsValue(node)) {
        fanout.merge(node, 1.0, Double::sum);
      }
      boolean readThrough =
          node.op() instanceof Op.View
              || (node.op() instanceof Op.Elementwise && price(node.op()) <= CHEAP);
      int reader = readThrough ? lastReader.getOrDefault(node, i) : i;
      double weight = 1;
      if (node.op() instanceof Op.View) {
        weight = Math.max(1, fanout.getOrDefault(node, 0.0));
        if (node.op() instanceof Slice) {
          weight *= (double) node.shape().size() / Math.max(1, node.input(0).shape().size());
        }
      }
      for (Node input : new HashSet<>(node.inputs())) {
        fanout.merge(input, weight, Double::sum);
        lastReader.merge(input, reader, Math::max);
        boolean grows =
            node.shape().size() > input.shape().size()
                || (node.op() instanceof Op.View && expanded.getOrDefault(node, false));
        expanded.merge(input, grows && node.op() instanceof Op.View, Boolean::logicalOr);
      }
      switch (node.op()) {
        case Op.Contraction c -> {
          for (Node input : node.inputs()) {
            if (c instanceof MatMul) {
              Node read = strided(input).base();
              materialized.add(isScalarConstant(read) ? input : read);
            } else {
              materializeOperand(input);
            }
          }
        }
        case Op.Windowed w -> materializeOperands(node);
        case ScatterAdd s -> {
          materializeOperand(node.input(1));
          materializeOperand(node.input(2));
        }
        case Op.Indexed x -> materializeOperands(node);
        default -> {}
      }
    }
    for (Node node : order) {
      int total = 0;
      if (node.op() instanceof Op.Elementwise || node.op() instanceof Op.View) {
        for (Node input : node.inputs()) {
          total += inMemory(input) ? 1 : cost.getOrDefault(input, 0);
        }
        total += node.op() instanceof Op.Elementwise ? price(node.op()) : 0;
      }
      cost.put(node, total);
      boolean own =
          switch (node.op()) {
            case Op.Leaf l -> false;
            case Op.View v -> false;
            case Op.Elementwise e -> {
              boolean shared =
                  fanout.getOrDefault(node, 0.0) > 1 + ROUNDING
                      && total > CHEAP
                      && !(total <= FUNCTION && isFar(node, lastReader));
              boolean repeated = expanded.getOrDefault(node, false) && total > 2;
              yield shared || repeated || total > LONG_EXPRESSION;
            }
            case Gather g -> !isReadByIndex(node, g);
            default -> true;
          };
      if (own) {
        materialized.add(node);
      }
      if (materialized.contains(node) && !homes.containsKey(node) && !isLeafInMemory(node)) {
        homes.put(node, new Home.Slab(node.op().name(), node.dtype(), node.shape()));
      }
      if (isLeafInMemory(node)) {
        homes.put(node, leafHome(node));
      }
    }
    for (Node node : order) {
      if (node.op() instanceof Gather && !homes.containsKey(node)) {
        readByIndex(node);
      }
    }
    for (Node node : order) {
      if (node.op() instanceof Concatenate c && homes.get(node) instanceof Home.Slab slab) {
        writeInPlace(node, c, slab);
      }
    }
    shareMatrices();
    for (Node output : outputs) {
      // A leaf that is asked for although its variable changes, or that has no memory, is copied.
      Node b = base(output);
      if (b.op() instanceof State s && updates.containsKey(s.variable())) {
        oldValues.put(output, new Home.Slab("copy", output.dtype(), output.shape()));
      }
    }
    for (Node value : updates.values()) {
      if (value.op() instanceof State && materialized.contains(value)) {
        oldValues.put(value, new Home.Slab("copy", value.dtype(), value.shape()));
      }
    }
  }

  /** Whether loops may read a table's rows where they lie: long rows along the first axis. */
  private static boolean isReadByIndex(Node node, Gather gather) {
    Shape table = node.input(0).shape();
    return gather.batch() == 0
        && table.sub(1, table.rank()).size() * node.dtype().bytes() >= SHORTEST_ROW;
  }

  private void readByIndex(Node node) {
    Shape table = node.input(0).shape();
    Node index = Calls.contiguous(node.input(1), homes);
    long rowBytes = table.sub(1, table.rank()).size() * node.dtype().bytes();
    RowOffsets found =
        byIndex.values().stream()
            .filter(r -> r.index.equals(index) && r.rows == table.dim(0) && r.rowBytes == rowBytes)
            .findFirst()
            .orElseGet(
                () ->
                    new RowOffsets(
                        index,
                        table.dim(0),
                        rowBytes,
                        new Home.Slab("row offsets", DType.I64, index.shape())));
    byIndex.put(node, found);
  }

  /**
   * Whether a value is too large for the caches and follows from one array of its size alone, which
   * stays in memory for the last reader anyway.
   */
  private boolean isFar(Node node, Map<Node, Integer> lastReader) {
    long size = node.shape().size();
    if (size * node.dtype().bytes() < FAR_BYTES) {
      return false;
    }
    List<Node> sources = reads(node).stream().filter(r -> r.shape().size() >= size).toList();
    return sources.size() == 1
        && lastReader.getOrDefault(sources.get(0), 0) >= lastReader.getOrDefault(node, 0);
  }

  /**
   * Values that are joined along the outermost axis of a concatenation are written where they
   * belong, instead of being copied there.
   */
  private void writeInPlace(Node node, Concatenate concatenate, Home whole) {
    for (int axis = 0; axis < concatenate.axis(); axis++) {
      if (node.shape().dim(axis) != 1) {
        return;
      }
    }
    long start = 0;
    for (Node input : node.inputs()) {
      Node value = base(input);
      if (homes.get(value) instanceof Home.Slab && start % ALIGNMENT == 0) {
        homes.put(value, new Home.Part(whole, start, value));
      }
      start += input.shape().size() * input.dtype().bytes();
    }
  }

  /** Finds matrices that several products multiply by, as the steps of a recurrent network do. */
  private void shareMatrices() {
    Map<Matrix, List<Node>> readers = new LinkedHashMap<>();
    for (Node node : order) {
      if (node.op() instanceof MatMul && node.shape().rank() == 2) {
        Node right = node.input(1);
        Matrix matrix =
            new Matrix(
                node.dtype(),
                Calls.strided(right, homes),
                right.shape().dim(0),
                right.shape().dim(1));
        readers.computeIfAbsent(matrix, key -> new ArrayList<>()).add(node);
      }
    }
    readers.forEach(
        (matrix, products) -> {
          if (products.size() >= FEWEST_READERS && (long) matrix.k * matrix.n >= SMALLEST_SHARED) {
            long bytes = PanelKernel.bytes(matrix.type, matrix.k, matrix.n);
            Panels shared = new Panels(matrix, new Home.Slab("panels", bytes));
            products.forEach(product -> panels.put(product, shared));
          }
        });
  }

  /** Copies of variables' values from before the run. */
  final Map<Node, Home> oldValues = new LinkedHashMap<>();

  private void materializeOperands(Node node) {
    for (Node input : node.inputs()) {
      materializeOperand(input);
    }
  }

  private void materializeOperand(Node input) {
    Node b = base(input);
    materialized.add(b.op() instanceof Op.View || isScalarConstant(b) ? input : b);
  }

  private boolean inMemory(Node node) {
    return homes.containsKey(node);
  }

  private boolean isLeafInMemory(Node node) {
    return node.op() instanceof Op.Leaf
        && !(isScalarConstant(node) && !materialized.contains(node));
  }

  private static Home leafHome(Node node) {
    return switch ((Op.Leaf) node.op()) {
      case Input input -> new Home.Fed(input.label(), input.dtype(), input.dims());
      case Constant constant -> new Home.Fixed(constant.value());
      case State state -> new Home.Cell(state.variable());
      case org.cajal.op.Range range ->
          throw new IllegalStateException("a range is a constant here");
    };
  }

  /** What an operation costs, in simple operations. */
  static int price(Op op) {
    return switch (op) {
      case Exp e -> 8;
      case Log e -> 8;
      case Sin e -> 8;
      case Cos e -> 8;
      case Tanh e -> 8;
      case Atan e -> 8;
      case Erf e -> 8;
      case Power e -> 8;
      case Divide e -> 3;
      case Sqrt e -> 3;
      default -> 1;
    };
  }

  // In which order

  private void run() throws Conflict, Fused.Blocked {
    decide();
    for (Map.Entry<Node, Home> old : oldValues.entrySet()) {
      append(old.getKey(), base(old.getKey()), old.getValue());
    }
    Set<Node> inPlace = new HashSet<>();
    for (Map.Entry<Variable, Node> update : updates.entrySet()) {
      if (homes.get(update.getValue()) instanceof Home.Cell cell
          && cell.variable() == update.getKey()
          && !(update.getValue().op() instanceof State)) {
        inPlace.add(update.getValue());
      }
    }
    Set<Node> early = needed(inPlace);
    for (Node node : order) {
      if (homes.containsKey(node)
          && !(node.op() instanceof Op.Leaf)
          && !inPlace.contains(node)
          && early.contains(node)) {
        place(node, null);
      } else if (byIndex.containsKey(node) && early.contains(node)) {
        placeOffsets(node);
      }
    }
    Map<Node, Variable> targets = new HashMap<>();
    updates.forEach((variable, node) -> targets.putIfAbsent(node, variable));
    for (Node node : order) {
      if (!placed.containsKey(node) && homes.containsKey(node) && !(node.op() instanceof Op.Leaf)) {
        place(node, inPlace.contains(node) ? targets.get(node) : null);
      } else if (byIndex.containsKey(node) && !placed.containsKey(node)) {
        placeOffsets(node);
      }
    }
    for (Map.Entry<Variable, Node> update : updates.entrySet()) {
      Node value = update.getValue();
      Home cell = new Home.Cell(update.getKey());
      if (cell.equals(homes.get(value))) {
        continue;
      }
      copyInto(value, cell);
    }
    arrange();
  }

  /** Puts the items into the order of the run. */
  private void arrange() {
    List<Order.Use> uses = new ArrayList<>();
    for (Item item : items) {
      uses.add(new Order.Use(touches(item), writes(item)));
    }
    List<Home> kept = outputs.stream().map(this::outputHome).toList();
    List<Item> arranged = Order.of(uses, kept).stream().map(items::get).toList();
    items.clear();
    items.addAll(arranged);
  }

  /** Where a run leaves an output. */
  Home outputHome(Node output) {
    Home old = oldValues.get(output);
    if (old != null) {
      return old;
    }
    Home own = homes.get(output);
    return own != null ? own : Graphs.get(homes, base(output));
  }

  /** The buffers that an item reads or writes. */
  List<Home> touches(Item item) {
    List<Home> out = new ArrayList<>();
    switch (item) {
      case Loops loops -> out.addAll(loops.fused.touches());
      case Call call -> {
        out.add(Graphs.get(homes, call.node()));
        for (Node read : Calls.operands(call.node(), homes, panels)) {
          out.add(Graphs.get(homes, read));
        }
        Panels shared = panels.get(call.node());
        if (shared != null) {
          out.add(shared.home());
        }
      }
      case Panels shared -> {
        out.add(Graphs.get(homes, shared.matrix().at().base()));
        out.add(shared.home());
      }
      case RowOffsets rows -> {
        out.add(Graphs.get(homes, rows.index()));
        out.add(rows.home());
      }
    }
    return out;
  }

  private Set<Home> writes(Item item) {
    return switch (item) {
      case Loops loops ->
          loops.fused.members.stream().map(m -> m.target().home()).collect(Collectors.toSet());
      case Call call -> Set.of(Graphs.get(homes, call.node()));
      case Panels shared -> Set.of(shared.home());
      case RowOffsets rows -> Set.of(rows.home());
    };
  }

  /** Whatever outputs and kernels need that is not an update in place or computed from one. */
  private Set<Node> needed(Set<Node> inPlace) {
    Set<Node> tainted = new HashSet<>(inPlace);
    Set<Node> out = new HashSet<>();
    for (Node node : order) {
      if (!tainted.contains(node) && node.inputs().stream().noneMatch(tainted::contains)) {
        out.add(node);
      } else {
        tainted.add(node);
      }
    }
    return out;
  }

  private void copyInto(Node value, Home cell) throws Conflict, Fused.Blocked {
    Home old = oldValues.get(value);
    Map<Node, Home> seen = homes;
    if (old != null) {
      seen = new HashMap<>(homes);
      seen.put(value, old);
    }
    Member copy =
        new Member(
            value, Member.Kind.FULL, new Member.Target(cell, 0, value.shape().strides()), false);
    Fused fused = required(Fused.of(value.shape(), null, List.of(copy), seen, byIndex), value);
    for (Home read : fused.touches()) {
      if (fused.readsState(read) && written.containsKey(read)) {
        throw new Conflict(((Home.Cell) read).variable());
      }
    }
    note(fused, items.size());
    written.put(cell, items.size());
    items.add(new Loops(fused, false));
  }

  private static Fused required(@Nullable Fused fused, Node node) {
    if (fused == null) {
      throw new IllegalStateException("no loops for " + node);
    }
    return fused;
  }

  /** Copies a value as it is at this point of the schedule. */
  private void append(Node node, Node from, Home home) throws Fused.Blocked {
    Map<Node, Home> seen = new HashMap<>(homes);
    seen.remove(node);
    seen.put(from, leafHome(from));
    Member copy =
        new Member(
            node, Member.Kind.FULL, new Member.Target(home, 0, node.shape().strides()), false);
    Fused fused = required(Fused.of(node.shape(), null, List.of(copy), seen, byIndex), node);
    note(fused, items.size());
    items.add(new Loops(fused, false));
  }

  private void note(Fused fused, int at) {
    for (Home home : fused.touches()) {
      if (fused.readsState(home)) {
        lastRead.merge(home, at, Math::max);
      }
    }
  }

  private void place(Node node, @Nullable Variable updated) throws Conflict, Fused.Blocked {
    Home home = Graphs.get(homes, node);
    switch (node.op()) {
      case Op.Contraction c -> call(node);
      case Op.Windowed w -> call(node);
      case ScatterAdd s -> {
        copyTo(node.input(0), home, 0, node.shape().strides(), node.shape());
        call(node);
      }
      case Op.Indexed i -> call(node);
      case Pad p -> pad(node, p, home);
      case Concatenate c -> concatenate(node, c, home);
      default -> loops(node, home, updated);
    }
  }

  private void call(Node node) {
    Panels shared = panels.get(node);
    if (shared != null && laidOut.add(shared)) {
      noteRead(shared.matrix.at.base());
      items.add(shared);
    }
    Calls.operands(node, homes, panels).forEach(this::noteRead);
    placed.put(node, items.size());
    items.add(new Call(node));
  }

  /** What reads rows by these offsets comes later than they. */
  private void placeOffsets(Node node) {
    RowOffsets rows = Graphs.get(byIndex, node);
    int at = items.indexOf(rows);
    if (at < 0) {
      noteRead(rows.index);
      at = items.size();
      items.add(rows);
    }
    placed.put(node, at);
  }

  private void noteRead(Node node) {
    if (node.op() instanceof State) {
      lastRead.merge(leafHome(node), items.size(), Math::max);
    }
  }

  /** Stores an expression into a part of a buffer, in a nest of its own. */
  private void copyTo(Node value, Home home, long start, long[] strides, Shape shape)
      throws Fused.Blocked {
    Member copy =
        new Member(value, Member.Kind.FULL, new Member.Target(home, start, strides), false);
    Fused fused = required(Fused.of(shape, null, List.of(copy), homes, byIndex), value);
    note(fused, items.size());
    items.add(new Loops(fused, false));
  }

  private void pad(Node node, Pad pad, Home home) throws Fused.Blocked {
    Node value = Node.constant(node.dtype(), pad.value()).broadcast(node.shape());
    copyTo(value, home, 0, node.shape().strides(), node.shape());
    Slice slice = pad.inverse(node.input(0).shape());
    if (node.input(0).shape().size() > 0) {
      Member.Target target = part(slice.start(), slice.step(), node.shape(), home);
      copyTo(node.input(0), home, target.start(), target.strides(), node.input(0).shape());
    }
    placed.put(node, lastItem());
  }

  /** The item at the end; none yet counts as the first. */
  private int lastItem() {
    return Math.max(0, items.size() - 1);
  }

  private static Member.Target part(
      List<Integer> start, List<Integer> step, Shape whole, Home home) {
    long[] strides = whole.strides();
    long at = 0;
    for (int i = 0; i < strides.length; i++) {
      at += strides[i] * start.get(i);
      strides[i] *= step.get(i);
    }
    return new Member.Target(home, at, strides);
  }

  private void concatenate(Node node, Concatenate concatenate, Home home)
      throws Conflict, Fused.Blocked {
    List<Integer> start = new ArrayList<>(java.util.Collections.nCopies(node.shape().rank(), 0));
    List<Integer> step = java.util.Collections.nCopies(node.shape().rank(), 1);
    int last = 0;
    long at = 0;
    for (Node input : node.inputs()) {
      Node value = base(input);
      if (homes.get(value) instanceof Home.Part p && p.whole().equals(home) && p.start() == at) {
        last = Math.max(last, Graphs.get(placed, value));
      } else if (input.shape().size() > 0) {
        Member.Target target = part(start, step, node.shape(), home);
        Set<Node> reads = homes.containsKey(input) ? Set.of(input) : reads(input);
        last = Math.max(last, settle(new Member(input, Member.Kind.FULL, target, false), reads, 0));
      }
      start.set(
          concatenate.axis(),
          start.get(concatenate.axis()) + input.shape().dim(concatenate.axis()));
      at += input.shape().size() * input.dtype().bytes();
    }
    placed.put(node, last);
    pieced.add(node);
  }

  /** The nodes in memory that an expression reads. */
  private Set<Node> reads(Node node) {
    Set<Node> found = new HashSet<>();
    List<Node> open = new ArrayList<>(node.inputs());
    Set<Node> seen = new HashSet<>(open);
    while (!open.isEmpty()) {
      Node at = open.remove(open.size() - 1);
      if (homes.containsKey(at)) {
        found.add(at);
      } else {
        if (byIndex.containsKey(at)) {
          found.add(at);
        }
        for (Node input : at.inputs()) {
          if (seen.add(input)) {
            open.add(input);
          }
        }
      }
    }
    return found;
  }

  private void loops(Node node, Home home, @Nullable Variable updated)
      throws Conflict, Fused.Blocked {
    boolean fold = node.op() instanceof Op.Reduction;
    Member.Target target = new Member.Target(home, 0, node.shape().strides());
    Member member = new Member(node, fold ? Member.Kind.FOLD : Member.Kind.FULL, target, true);
    int first = updated == null ? 0 : lastRead.getOrDefault(home, 0);
    int at = settle(member, reads(node), first);
    placed.put(node, at);
    if (updated != null) {
      written.put(home, at);
    }
  }

  /**
   * Puts a member into the earliest nest that takes it, or into a new one at the end.
   *
   * @param reads the nodes in memory that it reads
   * @param earliest no item before this one will do
   * @return the item
   */
  private int settle(Member member, Set<Node> reads, int earliest) throws Conflict, Fused.Blocked {
    int first = earliest;
    for (Node read : reads) {
      Integer at = placed.get(read);
      if (at != null && at < items.size()) {
        boolean joinable = items.get(at) instanceof Loops l && l.open && !pieced.contains(read);
        first = Math.max(first, joinable ? at : at + 1);
      }
    }
    int limit = items.size();
    for (Node read : reads) {
      if (read.op() instanceof State && written.containsKey(homes.get(read))) {
        limit = Math.min(limit, Graphs.get(written, Graphs.get(homes, read)));
      }
    }
    for (int at = first; at <= Math.min(limit, items.size() - 1); at++) {
      if (!(items.get(at) instanceof Loops loops)
          || !loops.open
          || loops.fused.members.size() >= MAX_MEMBERS) {
        continue;
      }
      if (!related(loops.fused, reads)) {
        continue;
      }
      Fused joined = join(loops.fused, member);
      if (joined != null) {
        loops.fused = joined;
        note(joined, at);
        return at;
      }
    }
    if (limit < items.size()) {
      for (Node read : reads) {
        if (read.op() instanceof State s && written.containsKey(homes.get(read))) {
          throw new Conflict(s.variable());
        }
      }
    }
    Node node = member.node();
    Shape space = member.kind() == Member.Kind.FOLD ? node.input(0).shape() : node.shape();
    boolean[] inner =
        member.kind() == Member.Kind.FOLD ? innerAxes((Op.Reduction) node.op(), space) : null;
    Fused fused = required(Fused.of(space, inner, List.of(member), homes, byIndex), node);
    note(fused, items.size());
    items.add(new Loops(fused, true));
    return items.size() - 1;
  }

  private boolean related(Fused fused, Set<Node> reads) {
    List<Home> touched = fused.touches();
    for (Node read : reads) {
      if (read.shape().size() * 4 >= Math.min(fused.shape.size(), 64)
          && touched.contains(homes.get(read))) {
        return true;
      }
    }
    return false;
  }

  static boolean[] innerAxes(Op.Reduction op, Shape shape) {
    boolean[] inner = new boolean[shape.rank()];
    for (int axis : op.axes()) {
      inner[axis] = true;
    }
    return inner;
  }

  private @Nullable Fused join(Fused into, Member member) throws Fused.Blocked {
    Node node = member.node();
    boolean[] inner = into.inner;
    Member.Kind kind;
    if (member.kind() == Member.Kind.FOLD) {
      Node x = node.input(0);
      if (!x.shape().equals(into.shape)) {
        return null;
      }
      boolean[] axes = innerAxes((Op.Reduction) node.op(), x.shape());
      if (inner != null && !java.util.Arrays.equals(inner, axes)) {
        return null;
      }
      inner = axes;
      kind = Member.Kind.FOLD;
    } else if (sameSizes(node.shape(), into.shape, null)) {
      kind = Member.Kind.FULL;
    } else if (inner != null && sameSizes(node.shape(), into.shape, inner)) {
      kind = Member.Kind.KEPT;
    } else {
      return null;
    }
    List<Member> members = new ArrayList<>(into.members);
    members.add(new Member(node, kind, member.target(), member.computed()));
    Fused joined = Fused.of(into.shape, inner, members, homes, byIndex);
    if (joined == null) {
      return null;
    }
    boolean slower =
        joined.nest().vector() == org.cajal.loop.Nest.Vectorized.NONE
            && into.nest().vector() != org.cajal.loop.Nest.Vectorized.NONE;
    boolean serial = joined.elements() > 32_768 && joined.rows() < 16 && into.rows() >= 16;
    return slower || serial ? null : joined;
  }

  /**
   * Whether two shapes agree but for axes of size 1; the second without its inner axes, if given.
   */
  private static boolean sameSizes(Shape a, Shape b, boolean @Nullable [] inner) {
    List<Integer> left = new ArrayList<>();
    List<Integer> right = new ArrayList<>();
    for (int d : a.dims()) {
      if (d != 1) {
        left.add(d);
      }
    }
    for (int i = 0; i < b.rank(); i++) {
      if (b.dim(i) != 1 && (inner == null || !inner[i])) {
        right.add(b.dim(i));
      }
    }
    return left.equals(right);
  }
}
