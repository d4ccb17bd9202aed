package org.cajal.compile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cajal.emit.Emitter;
import org.cajal.graph.Graphs;
import org.cajal.loop.Binding;
import org.cajal.loop.Nest;
import org.cajal.op.Constant;
import org.cajal.op.Gather;
import org.cajal.op.Node;
import org.cajal.op.Op;
import org.cajal.op.State;
import org.cajal.run.Operand;
import org.cajal.type.DType;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Members with common loops, made into one nest. Levels order its stages: members that need nothing
 * but memory or each other's value at the same index share level 0; what needs a row's fold comes a
 * level later.
 */
final class Fused {
  /**
   * More than this in one nest is refused: registers spill and methods grow too long for the JVM's
   * compiler.
   */
  private static final int MAX_STEPS = 90;

  private static final int MAX_ACCESSES = 24;

  /** Simple operations in a piece: worth a few microseconds. */
  private static final double PIECE = 80_000;

  private record Key(Node node, IndexMap map) {}

  /** A place in memory and how far each loop moves in it, in elements. */
  private static final class Reach {
    final Home home;
    final DType type;
    final long start;
    long[] strides;

    /** The reach of the byte offsets of rows read by index; else none. */
    final int offsets;

    /** The rows, where these are the offsets of some. */
    final @Nullable Node rows;

    private Reach(
        Home home, DType type, long start, long[] strides, int offsets, @Nullable Node rows) {
      this.home = home;
      this.type = type;
      this.start = start;
      this.strides = strides;
      this.offsets = offsets;
      this.rows = rows;
    }

    Reach(Home home, DType type, long start, long[] strides) {
      this(home, type, start, strides, Nest.Access.NO_OFFSETS, null);
    }

    boolean equal(Reach r) {
      return home.equals(r.home)
          && type == r.type
          && start == r.start
          && Arrays.equals(strides, r.strides)
          && offsets == r.offsets;
    }
  }

  /** A value of the nest, before numbering. */
  private static final class Value {
    final Nest.@Nullable Step leaf;
    final Op.@Nullable Elementwise op;
    final List<Value> arguments;
    final DType type;
    int number = -1;

    Value(
        Nest.@Nullable Step leaf, Op.@Nullable Elementwise op, List<Value> arguments, DType type) {
      this.leaf = leaf;
      this.op = op;
      this.arguments = arguments;
      this.type = type;
    }
  }

  private record Write(int access, Value value) {}

  private record Folding(Op.Reduction op, Value value, Value result) {}

  private static final class StageBuilder {
    final int level;
    final List<Value> steps = new ArrayList<>();
    final List<Write> writes = new ArrayList<>();
    final List<Folding> folds = new ArrayList<>();
    final Map<Key, Value> memo = new HashMap<>();

    StageBuilder(int level) {
      this.level = level;
    }
  }

  /** The attempt cannot work: some index is not affine, or a row needs another row. */
  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final transient @Nullable Node blocked;

    Refused(@Nullable Node blocked) {
      super("", null, false, false);
      this.blocked = blocked;
    }
  }

  /** A value cannot be read where it is needed until another one has memory of its own. */
  static final class Blocked extends Exception {
    private static final long serialVersionUID = 1L;
    final transient Node node;

    Blocked(Node node) {
      super("", null, false, false);
      this.node = node;
    }
  }

  final Shape shape;
  final boolean @Nullable [] inner;
  final List<Member> members;
  private final Map<Node, Home> homes;
  private final Map<Node, Scheduler.RowOffsets> byIndex;
  private final Map<Node, Member> own = new HashMap<>();
  private final Map<Node, Integer> level = new HashMap<>();
  private final Map<Key, Value> rows = new HashMap<>();
  private final List<StageBuilder> each = new ArrayList<>();
  private final List<StageBuilder> once = new ArrayList<>();
  private final List<Reach> reaches = new ArrayList<>();
  private final Map<Home, List<Integer>> stateLoads = new HashMap<>();
  private LoopSpace space;
  private int steps;

  private List<Long> extents = List.of();
  private int outerLoops;
  private Nest nest = new Nest(0, 0, Nest.Vectorized.NONE, List.of(), List.of());

  private Fused(
      Shape shape,
      boolean @Nullable [] inner,
      List<Member> members,
      Map<Node, Home> homes,
      Map<Node, Scheduler.RowOffsets> byIndex) {
    this.shape = shape;
    this.inner = inner == null ? null : inner.clone();
    this.members = members;
    this.homes = homes;
    this.byIndex = byIndex;
    this.space = new LoopSpace(shape);
  }

  /**
   * Makes the nest.
   *
   * @param shape the full index space
   * @param inner which of its axes are folded; null where nothing is
   * @param members in an order in which each comes after those it needs
   * @param homes where nodes lie that are not computed here
   * @param byIndex for each gathering that is read where its table lies the offsets of its rows
   * @return null if the members cannot be done in one nest
   * @throws Blocked if a single member cannot be done until another value has memory
   */
  static @Nullable Fused of(
      Shape shape,
      boolean @Nullable [] inner,
      List<Member> members,
      Map<Node, Home> homes,
      Map<Node, Scheduler.RowOffsets> byIndex)
      throws Blocked {
    Fused fused = new Fused(shape, inner, List.copyOf(members), homes, byIndex);
    while (true) {
      try {
        fused.build();
        if (Emitter.fits(fused.nest)) {
          return fused;
        }
        if (members.size() > 1) {
          return null;
        }
        throw new Blocked(fused.middle());
      } catch (Refused refused) {
        if (!fused.space.applySplit()) {
          if (members.size() == 1 && refused.blocked != null) {
            throw new Blocked(refused.blocked);
          }
          return null;
        }
      }
    }
  }

  /**
   * An operation about halfway through the only member's expression: with memory of its own it cuts
   * the nest in two.
   */
  private Node middle() {
    List<Node> operations = new ArrayList<>();
    for (Node node : Graphs.order(List.of(members.get(0).node()))) {
      for (StageBuilder stage : each) {
        if (node.op() instanceof Op.Elementwise
            && node != members.get(0).node()
            && stage.memo.keySet().stream().anyMatch(k -> k.node == node)
            && !homes.containsKey(node)) {
          operations.add(node);
        }
      }
    }
    if (operations.isEmpty()) {
      throw new IllegalStateException("no way to cut the nest of " + members.get(0).node());
    }
    return operations.get(operations.size() / 2);
  }

  private void build() {
    own.clear();
    level.clear();
    rows.clear();
    each.clear();
    once.clear();
    reaches.clear();
    stateLoads.clear();
    steps = 0;
    for (Member m : members) {
      if (m.computed()) {
        own.put(m.node(), m);
      }
    }
    for (Member m : members) {
      add(m);
    }
    checkCells();
    finish();
  }

  /**
   * The map from the loops (all of them, or the outer ones) to a shape that equals theirs but for
   * axes of size 1.
   */
  private IndexMap rootMap(Shape to, boolean rowsOnly) {
    IndexMap map = IndexMap.zero(to.rank(), space.size());
    int axis = 0;
    for (int a = 0; a < shape.rank(); a++) {
      if (shape.dim(a) == 1 || (rowsOnly && inner != null && inner[a])) {
        continue;
      }
      while (axis < to.rank() && to.dim(axis) == 1) {
        axis++;
      }
      if (axis == to.rank() || to.dim(axis) != shape.dim(a)) {
        throw new Refused(null);
      }
      for (int k = 0; k < space.size(); k++) {
        if (space.axes.get(k) == a) {
          map.coefficient()[axis][k] = space.steps.get(k);
        }
      }
      axis++;
    }
    while (axis < to.rank()) {
      if (to.dim(axis++) != 1) {
        throw new Refused(null);
      }
    }
    return map;
  }

  private void add(Member m) {
    boolean row = m.kind() == Member.Kind.KEPT;
    Node expression = m.kind() == Member.Kind.FOLD ? m.node().input(0) : m.node();
    IndexMap map = rootMap(expression.shape(), row);
    boolean root = m.computed() && m.kind() != Member.Kind.FOLD;
    int at = levelOf(expression, map, root, row);
    while (each.size() <= at) {
      once.add(new StageBuilder(each.size()));
      each.add(new StageBuilder(each.size()));
    }
    StageBuilder stage = row ? once.get(at) : each.get(at);
    Value value = lower(expression, map, stage, root, row);
    IndexMap storeMap = map;
    StageBuilder storeStage = stage;
    if (m.kind() == Member.Kind.FOLD) {
      Value result = new Value(null, null, List.of(), m.node().dtype());
      stage.folds.add(new Folding((Op.Reduction) m.node().op(), value, result));
      value = result;
      storeMap = rootMap(m.node().shape(), true);
      storeStage = once.get(at);
    }
    if (m.computed()) {
      level.put(m.node(), at);
      if (m.kind() == Member.Kind.FULL) {
        stage.memo.put(new Key(m.node(), storeMap), value);
      } else {
        rows.put(new Key(m.node(), storeMap), value);
      }
    }
    Member.Target t = m.target();
    int access =
        access(
            new Reach(
                t.home(),
                m.node().dtype(),
                t.start() + storeMap.start(t.strides()),
                storeMap.strides(t.strides(), space.size())));
    storeStage.writes.add(new Write(access, value));
  }

  /** The first level at which everything that an expression needs is there. */
  private int levelOf(Node node, IndexMap map, boolean root, boolean row) {
    if (root && isFlat(node)) {
      return 0;
    }
    if (!root) {
      Member m = own.get(node);
      Integer done = level.get(node);
      if (m != null && done != null) {
        IndexMap expected = rootMap(node.shape(), m.kind() != Member.Kind.FULL);
        if (!expected.equals(map) || (row && m.kind() == Member.Kind.FULL)) {
          throw new Refused(null);
        }
        return m.kind() == Member.Kind.FULL || row ? done : done + 1;
      }
      if (homes.containsKey(node) || isFlat(node)) {
        return 0;
      }
    }
    return switch (node.op()) {
      case Op.View v -> levelOf(node.input(0), through(v, node, map), false, row);
      case Op.Elementwise e -> {
        int highest = 0;
        for (Node input : node.inputs()) {
          highest = Math.max(highest, levelOf(input, map, false, row));
        }
        yield highest;
      }
      default -> 0;
    };
  }

  private IndexMap through(Op.View view, Node node, IndexMap map) {
    IndexMap next = map.through(view, node.input(0).shape(), node.shape(), space);
    if (next == null) {
      throw new Refused(Scheduler.base(node));
    }
    return next;
  }

  /**
   * Whether a reshape is of a buffer, so that flat positions serve, and not of a value of this
   * nest.
   */
  private boolean isFlat(Node node) {
    Node base = Scheduler.base(node);
    return base != node && homes.containsKey(base) && !own.containsKey(base);
  }

  private Value lower(Node node, IndexMap map, StageBuilder stage, boolean root, boolean row) {
    Key key = new Key(node, map);
    Value known = stage.memo.get(key);
    if (known == null) {
      known = rows.get(key);
    }
    if (known != null) {
      return known;
    }
    Value value;
    Node source = isFlat(node) ? Scheduler.base(node) : node;
    Home home = root && source == node ? null : homes.get(source);
    if (node.op() instanceof Constant c && c.value().size() == 1) {
      value =
          step(
              stage,
              new Value(
                  new Nest.Immediate(node.dtype(), c.value().get(0)),
                  null,
                  List.of(),
                  node.dtype()));
    } else if (home != null) {
      long[] strides = node.shape().strides();
      int access =
          access(
              new Reach(
                  home, node.dtype(), map.start(strides), map.strides(strides, space.size())));
      if (source.op() instanceof State) {
        noteState(home, access, stage);
      }
      value =
          step(
              stage, new Value(new Nest.Load(access, node.dtype()), null, List.of(), node.dtype()));
    } else {
      value =
          switch (node.op()) {
            case Op.View v -> lower(node.input(0), through(v, node, map), stage, false, row);
            case Gather g -> byIndex(node, map, stage);
            case Op.Elementwise e -> {
              List<Value> arguments = new ArrayList<>();
              for (Node input : node.inputs()) {
                arguments.add(lower(input, map, stage, false, row));
              }
              yield step(stage, new Value(null, e, arguments, node.dtype()));
            }
            default -> throw new Refused(null);
          };
    }
    stage.memo.put(key, value);
    return value;
  }

  /** Reads rows of a table by index, where they lie. */
  private Value byIndex(Node node, IndexMap map, StageBuilder stage) {
    Node table = Calls.contiguous(node.input(0), homes);
    Scheduler.RowOffsets offsets = byIndex.get(node);
    if (offsets == null || own.containsKey(table)) {
      throw new Refused(null);
    }
    int places = node.input(1).shape().rank();
    IndexMap place = map.axes(0, places);
    long[] placeStrides = node.input(1).shape().strides();
    int index =
        access(
            new Reach(
                offsets.home(),
                DType.I64,
                place.start(placeStrides),
                place.strides(placeStrides, space.size()),
                Nest.Access.NO_OFFSETS,
                node));
    IndexMap rest = map.axes(places, node.shape().rank());
    long[] strides = node.input(0).shape().strides();
    long[] restStrides = Arrays.copyOfRange(strides, 1, strides.length);
    Home home = Graphs.get(homes, table);
    int access =
        access(
            new Reach(
                home,
                node.dtype(),
                rest.start(restStrides),
                rest.strides(restStrides, space.size()),
                index,
                null));
    if (table.op() instanceof State) {
      noteState(home, access, stage);
    }
    return step(
        stage, new Value(new Nest.Load(access, node.dtype()), null, List.of(), node.dtype()));
  }

  private void noteState(Home home, int access, StageBuilder stage) {
    stateLoads.computeIfAbsent(home, h -> new ArrayList<>()).addAll(List.of(access, stage.level));
  }

  private Value step(StageBuilder stage, Value value) {
    stage.steps.add(value);
    if (++steps > MAX_STEPS && members.size() > 1) {
      throw new Refused(null);
    }
    return value;
  }

  private int access(Reach reach) {
    for (int i = 0; i < reaches.size(); i++) {
      Reach r = reaches.get(i);
      if (r.equal(reach)) {
        return i;
      }
    }
    if (reaches.size() == MAX_ACCESSES && members.size() > 1) {
      throw new Refused(null);
    }
    reaches.add(reach);
    return reaches.size() - 1;
  }

  /**
   * A variable that is written here may be read here only at the same index, and not after it has
   * been written.
   */
  private void checkCells() {
    for (List<StageBuilder> list : List.of(each, once)) {
      for (int at = 0; at < list.size(); at++) {
        for (Write write : list.get(at).writes) {
          List<Integer> loads = stateLoads.getOrDefault(reaches.get(write.access).home, List.of());
          for (int i = 0; i < loads.size(); i += 2) {
            if (loads.get(i) != write.access || loads.get(i + 1) > at) {
              int offsets = reaches.get(loads.get(i)).offsets;
              throw new Refused(offsets < 0 ? null : reaches.get(offsets).rows);
            }
          }
        }
      }
    }
  }

  // From stages to a nest

  private void finish() {
    List<Integer> order = new ArrayList<>();
    for (int part = 0; part < 2; part++) {
      for (int k = 0; k < space.size(); k++) {
        boolean isInner = inner != null && inner[space.axes.get(k)];
        if (isInner == (part == 1) && space.extents.get(k) != 1) {
          order.add(k);
        }
      }
      if (part == 0) {
        outerLoops = order.size();
      }
    }
    List<Long> sizes = new ArrayList<>();
    for (int k : order) {
      sizes.add(space.extents.get(k));
    }
    for (Reach r : reaches) {
      long[] strides = new long[order.size()];
      for (int i = 0; i < strides.length; i++) {
        strides[i] = r.strides[order.get(i)];
      }
      r.strides = strides;
    }
    for (int i = sizes.size() - 2; i >= 0; i--) {
      if (i + 1 == outerLoops) {
        continue;
      }
      boolean joins = true;
      for (Reach r : reaches) {
        joins &= r.strides[i] == r.strides[i + 1] * sizes.get(i + 1);
      }
      if (joins) {
        sizes.set(i, sizes.get(i) * sizes.get(i + 1));
        sizes.remove(i + 1);
        for (Reach r : reaches) {
          r.strides = without(r.strides, i);
        }
        if (i + 1 < outerLoops) {
          outerLoops--;
        }
      }
    }
    int innerLoops = sizes.size() - outerLoops;
    if (inner == null || innerLoops == 0) {
      // Nothing is folded, or only axes of size 1: the last loop is the inner one.
      if (sizes.isEmpty()) {
        sizes.add(1L);
        for (Reach r : reaches) {
          r.strides = new long[1];
        }
      } else if (innerLoops == 0) {
        outerLoops--;
      }
      if (inner != null && outerLoops == sizes.size()) {
        throw new Refused(null);
      }
      if (sizes.size() == 1) {
        outerLoops = 0;
      }
      innerLoops = sizes.size() - outerLoops;
    }
    extents = List.copyOf(sizes);
    Nest.Vectorized vector = vectorized();
    checkOffsets(vector);
    List<Nest.Access> accesses = new ArrayList<>();
    for (Reach r : reaches) {
      List<Nest.Stride> kinds = new ArrayList<>();
      for (long stride : r.strides) {
        kinds.add(
            stride == 0 ? Nest.Stride.NONE : stride == 1 ? Nest.Stride.UNIT : Nest.Stride.ANY);
      }
      accesses.add(new Nest.Access(r.type, List.copyOf(kinds), r.offsets));
    }
    nest = new Nest(outerLoops, innerLoops, vector, List.copyOf(accesses), stages());
  }

  /** Rows that change within the innermost loop, or from lane to lane, must be in memory. */
  private void checkOffsets(Nest.Vectorized vector) {
    int last = extents.size() - 1;
    int lanes = vector == Nest.Vectorized.OUTER ? outerLoops - 1 : last;
    for (Reach r : reaches) {
      if (r.rows != null && (r.strides[last] != 0 || r.strides[lanes] != 0)) {
        throw new Refused(r.rows);
      }
    }
  }

  private static long[] without(long[] strides, int index) {
    long[] out = new long[strides.length - 1];
    for (int i = 0, j = 0; i < strides.length; i++) {
      if (i != index) {
        out[j++] = strides[i];
      }
    }
    return out;
  }

  private List<Nest.Stage> stages() {
    List<Nest.Stage> stages = new ArrayList<>();
    int[] next = {0};
    for (int at = 0; at < each.size(); at++) {
      StageBuilder e = each.get(at);
      if (!e.steps.isEmpty() || !e.folds.isEmpty() || !e.writes.isEmpty()) {
        List<Nest.Step> numbered = number(e, next);
        List<Nest.Fold> folds = new ArrayList<>();
        for (Folding f : e.folds) {
          folds.add(new Nest.Fold(f.op, f.value.number, f.result.type));
          f.result.number = next[0]++;
        }
        stages.add(new Nest.Each(numbered, stores(e), List.copyOf(folds)));
      }
      StageBuilder o = once.get(at);
      if (!o.steps.isEmpty() || !o.writes.isEmpty()) {
        stages.add(new Nest.Once(number(o, next), stores(o)));
      }
    }
    return List.copyOf(stages);
  }

  private static List<Nest.Step> number(StageBuilder stage, int[] next) {
    List<Nest.Step> out = new ArrayList<>();
    for (Value v : stage.steps) {
      v.number = next[0]++;
      if (v.leaf != null) {
        out.add(v.leaf);
      } else if (v.op != null) {
        out.add(new Nest.Apply(v.op, v.arguments.stream().map(a -> a.number).toList(), v.type));
      }
    }
    return List.copyOf(out);
  }

  private static List<Nest.Store> stores(StageBuilder stage) {
    return stage.writes.stream().map(w -> new Nest.Store(w.access, w.value.number)).toList();
  }

  private Nest.Vectorized vectorized() {
    int width = 0;
    boolean vectors = true;
    for (Reach r : reaches) {
      if (r.type != DType.BOOL && r.rows == null) {
        vectors &= width == 0 || width == r.type.bytes();
        width = r.type.bytes();
      }
    }
    for (List<StageBuilder> list : List.of(each, once)) {
      for (StageBuilder stage : list) {
        for (Value v : stage.steps) {
          if (v.type != DType.BOOL) {
            vectors &= width == 0 || width == v.type.bytes();
            width = v.type.bytes();
          }
        }
      }
    }
    if (!vectors || elements() <= 1) {
      return Nest.Vectorized.NONE;
    }
    int last = extents.size() - 1;
    boolean byInner = true;
    for (StageBuilder stage : each) {
      for (int access : touched(stage)) {
        long stride = reaches.get(access).strides[last];
        byInner &= stride == 0 || stride == 1;
      }
      for (Write write : stage.writes) {
        byInner &= reaches.get(write.access).strides[last] == 1;
      }
    }
    boolean folds = inner != null;
    boolean byOuter = folds && outerLoops > 0;
    if (byOuter) {
      for (Reach r : reaches) {
        byOuter &= r.strides[outerLoops - 1] == 0 || r.strides[outerLoops - 1] == 1;
      }
      for (List<StageBuilder> list : List.of(each, once)) {
        for (StageBuilder stage : list) {
          for (Write write : stage.writes) {
            byOuter &= reaches.get(write.access).strides[outerLoops - 1] == 1;
          }
        }
      }
    }
    if (byInner && (!byOuter || extents.get(last) >= 16)) {
      return Nest.Vectorized.INNER;
    }
    return byOuter ? Nest.Vectorized.OUTER : Nest.Vectorized.NONE;
  }

  private static List<Integer> touched(StageBuilder stage) {
    List<Integer> out = new ArrayList<>();
    for (Value v : stage.steps) {
      if (v.leaf instanceof Nest.Load load) {
        out.add(load.access());
      }
    }
    return out;
  }

  // What the scheduler asks

  Nest nest() {
    return nest;
  }

  /** How many indices the nest visits. */
  long elements() {
    long n = 1;
    for (long e : extents) {
      n *= e;
    }
    return n;
  }

  /** How many rows can be done independently; all indices where nothing is folded. */
  long rows() {
    long n = 1;
    for (int i = 0; i < (inner == null ? extents.size() : outerLoops); i++) {
      n *= extents.get(i);
    }
    return n;
  }

  /** Every buffer that is read or written. */
  List<Home> touches() {
    return reaches.stream().map(r -> r.home).distinct().toList();
  }

  /** Whether the value that the variable at home had before the run is read. */
  boolean readsState(Home home) {
    return stateLoads.containsKey(home);
  }

  /** The numbers of the nest, when buffers have their places. */
  Binding bind(java.util.function.Function<Home, Operand> place) {
    List<Operand> operands = new ArrayList<>();
    List<List<Long>> strides = new ArrayList<>();
    for (Reach r : reaches) {
      Operand base = place.apply(r.home);
      operands.add(new Operand(base.buffer(), base.offset() + r.start * r.type.bytes()));
      List<Long> bytes = new ArrayList<>();
      for (long s : r.strides) {
        bytes.add(s * r.type.bytes());
      }
      strides.add(List.copyOf(bytes));
    }
    return new Binding(extents, List.copyOf(operands), List.copyOf(strides), cuts());
  }

  /**
   * Positions on the first axis that share out the work by shapes alone: a piece is worth some ten
   * microseconds.
   */
  private List<Long> cuts() {
    long n = extents.get(0);
    boolean lanes =
        (nest.vector() == Nest.Vectorized.INNER && outerLoops == 0)
            || (nest.vector() == Nest.Vectorized.OUTER && outerLoops == 1);
    boolean whole = inner != null && outerLoops == 0;
    double cost =
        elements()
            * (double) Math.max(4, price())
            * (nest.vector() == Nest.Vectorized.NONE ? 10 : 1);
    // An even number: with two members of the team none waits for the other.
    long pieces = whole || cost < 2 * PIECE ? 1 : 2L * (int) Math.min(cost / PIECE / 2, 32);
    pieces = Math.max(1, Math.min(pieces, lanes ? n / 64 : n));
    List<Long> cuts = new ArrayList<>();
    for (long i = 0; i <= pieces; i++) {
      long at = i == pieces ? n : n * i / pieces;
      cuts.add(lanes && i < pieces ? at / 64 * 64 : at);
    }
    return List.copyOf(cuts);
  }

  /** What one index costs, in simple operations. */
  private int price() {
    int price = 0;
    for (StageBuilder stage : each) {
      for (Value v : stage.steps) {
        price += v.op == null ? 1 : Scheduler.price(v.op);
      }
    }
    return price;
  }

  /** What a profile calls the nest. */
  String label() {
    return "loop " + extents;
  }

  /** The names of the fused operations, one for each time one is done; a copy if there are none. */
  List<String> operations() {
    List<String> names = new ArrayList<>();
    for (List<StageBuilder> list : List.of(each, once)) {
      for (StageBuilder stage : list) {
        for (Value v : stage.steps) {
          if (v.op != null) {
            names.add(v.op.name());
          }
        }
        for (Folding f : stage.folds) {
          names.add(f.op.name());
        }
      }
    }
    return names.isEmpty() ? List.of("copy") : names;
  }
}
