package org.cajal.emit;

import static org.cajal.type.DType.BOOL;
import static org.cajal.type.DType.F32;
import static org.cajal.type.DType.F64;
import static org.cajal.type.DType.I32;
import static org.cajal.type.DType.I64;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.cajal.loop.Binding;
import org.cajal.loop.Nest;
import org.cajal.loop.Nest.Access;
import org.cajal.loop.Nest.Apply;
import org.cajal.loop.Nest.Each;
import org.cajal.loop.Nest.Fold;
import org.cajal.loop.Nest.Immediate;
import org.cajal.loop.Nest.Load;
import org.cajal.loop.Nest.Once;
import org.cajal.loop.Nest.Stage;
import org.cajal.loop.Nest.Step;
import org.cajal.loop.Nest.Store;
import org.cajal.loop.Nest.Stride;
import org.cajal.loop.Nest.Vectorized;
import org.cajal.op.Absolute;
import org.cajal.op.Add;
import org.cajal.op.Atan;
import org.cajal.op.Cast;
import org.cajal.op.Compare;
import org.cajal.op.Cos;
import org.cajal.op.Divide;
import org.cajal.op.Erf;
import org.cajal.op.Exp;
import org.cajal.op.Floor;
import org.cajal.op.Log;
import org.cajal.op.Max;
import org.cajal.op.Maximum;
import org.cajal.op.Min;
import org.cajal.op.Minimum;
import org.cajal.op.Multiply;
import org.cajal.op.Negate;
import org.cajal.op.Op;
import org.cajal.op.Power;
import org.cajal.op.Product;
import org.cajal.op.Select;
import org.cajal.op.Sign;
import org.cajal.op.Sin;
import org.cajal.op.Sqrt;
import org.cajal.op.Subtract;
import org.cajal.op.Sum;
import org.cajal.op.Tanh;
import org.cajal.run.Operand;
import org.cajal.type.DType;

/** Makes nests of every kind with numbers that fit them, from a seed. */
final class RandomNests {
  /**
   * A nest, its numbers and the size of each buffer in bytes; reads come before writes among the
   * accesses.
   */
  record Sample(Nest nest, Binding binding, List<Long> sizes, int reads) {}

  /** Offsets are multiples of 8 up to this. */
  static final int MOST_OFFSET = 256;

  private final Random random;
  private final List<Long> ladder;
  private final boolean exact;
  private final boolean wide;

  private final List<Access> accesses = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>();
  private final List<DType> types = new ArrayList<>();
  private final TreeSet<Integer> visible = new TreeSet<>();
  private int outer;
  private int inner;
  private Vectorized vector = Vectorized.NONE;

  /**
   * A maker of one nest.
   *
   * @param lanes the number of lanes of an F32 vector
   * @param exact only operations that are exact or correctly rounded
   */
  RandomNests(long seed, int lanes, boolean exact) {
    random = new Random(seed);
    wide = random.nextInt(4) == 0;
    this.exact = exact;
    int n = wide ? lanes / 2 : lanes;
    ladder = List.of(0L, 1L, 2L, n - 1L, (long) n, n + 1L, 3L * n + 5, 1000L);
  }

  private <T> T any(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  Sample make() {
    boolean folds = random.nextBoolean();
    vector = any(List.of(Vectorized.values()));
    if (folds || vector == Vectorized.OUTER) {
      outer = random.nextInt(3);
      inner = 1 + random.nextInt(2);
    } else {
      inner = 1 + random.nextInt(4);
    }
    if (vector == Vectorized.OUTER) {
      outer = Math.max(outer, 1);
    }
    int axes = outer + inner;
    List<Long> extents = new ArrayList<>();
    long total = 1;
    for (int k = 0; k < axes; k++) {
      long extent = any(ladder);
      extent = extent * total > 20_000 ? 2 : extent;
      extents.add(extent);
      total *= Math.max(extent, 1);
    }
    List<Stage> stages = new ArrayList<>();
    List<Integer> results = new ArrayList<>();
    List<Integer> results2 = new ArrayList<>();
    int stageCount = folds ? 1 + random.nextInt(3) : 1;
    for (int s = 0; s < stageCount; s++) {
      if (outer > 0 && random.nextInt(3) == 0) {
        int count = steps(false);
        visibleAfter(count);
        stages.add(new Once(takeSteps(), List.of()));
      }
      TreeSet<Integer> before = new TreeSet<>(visible);
      steps(true);
      List<Integer> own = visible.stream().filter(v -> !before.contains(v)).toList();
      List<Fold> folded = new ArrayList<>();
      List<DType> foldTypes = new ArrayList<>();
      if (folds) {
        for (int f = 0; f <= random.nextInt(2); f++) {
          List<Integer> numbers = own.stream().filter(v -> types.get(v) != BOOL).toList();
          int value = any(numbers);
          folded.add(new Fold(fold(), value, types.get(value)));
          foldTypes.add(types.get(value));
        }
      } else {
        results2.add(own.getLast());
        results2.add(any(own));
      }
      visible.clear();
      visible.addAll(before);
      for (DType type : foldTypes) {
        results.add(types.size());
        visible.add(types.size());
        types.add(type);
      }
      stages.add(new Each(takeSteps(), List.of(), folded));
    }
    int reads = accesses.size();
    if (folds) {
      List<Store> stores = new ArrayList<>();
      for (int r : results) {
        stores.add(new Store(write(types.get(r), false), r));
      }
      stages.add(new Once(List.of(), stores));
    } else {
      Each last = (Each) stages.getLast();
      List<Store> stores = new ArrayList<>();
      for (int r : results2) {
        stores.add(new Store(write(types.get(r), true), r));
      }
      stages.set(stages.size() - 1, new Each(last.steps(), stores, List.of()));
    }
    Nest nest = new Nest(outer, inner, vector, List.copyOf(accesses), stages);
    return bind(nest, extents, reads, outer > 0 || !folds);
  }

  private Op.Reduction fold() {
    List<Integer> axes = List.of(random.nextInt(3));
    return switch (random.nextInt(6)) {
      case 0 -> new Max(axes);
      case 1 -> new Min(axes);
      case 2 -> new Product(axes);
      default -> new Sum(axes);
    };
  }

  private void visibleAfter(int count) {
    if (count == 0) {
      throw new IllegalStateException("no step");
    }
  }

  private List<Step> takeSteps() {
    List<Step> taken = List.copyOf(steps);
    steps.clear();
    return taken;
  }

  /** Adds steps to the current stage; returns how many. */
  private int steps(boolean each) {
    int loads = 1 + random.nextInt(3);
    for (int i = 0; i < loads; i++) {
      DType type =
          switch (random.nextInt(8)) {
            case 0 -> BOOL;
            case 1 -> wide ? I64 : I32;
            default -> wide ? F64 : F32;
          };
      type = i == 0 ? (wide ? F64 : F32) : type;
      add(new Load(read(type, each), type));
    }
    add(new Immediate(wide ? F64 : F32, any(List.of(0.5, -1.0, 2.0, 0.0))));
    int applied = random.nextInt(8);
    for (int i = 0; i < applied; i++) {
      apply();
    }
    return steps.size();
  }

  private void add(Step step) {
    visible.add(types.size());
    types.add(step.type());
    steps.add(step);
  }

  private List<Integer> of(DType type) {
    return visible.stream().filter(v -> types.get(v) == type).toList();
  }

  private void apply() {
    int x = any(List.copyOf(visible));
    DType type = types.get(x);
    int y = any(of(type));
    List<Integer> truths = of(BOOL);
    switch (random.nextInt(5)) {
      case 0 -> add(new Apply(new Compare(relation(type)), List.of(x, y), BOOL));
      case 1 -> {
        if (!truths.isEmpty()) {
          add(new Apply(new Select(), List.of(any(truths), x, y), type));
        }
      }
      case 2 -> {
        DType to = any(wide ? List.of(F64, I64, BOOL) : List.of(F32, I32, BOOL));
        add(new Apply(new Cast(to, type), List.of(x), to));
      }
      default -> {
        if (type == BOOL) {
          add(new Apply(any(List.of(new Minimum(), new Maximum())), List.of(x, y), BOOL));
        } else if (random.nextBoolean()) {
          add(new Apply(any(type.isFloating() ? binaryFloating() : binary()), List.of(x, y), type));
        } else {
          add(new Apply(any(type.isFloating() ? unaryFloating() : unary()), List.of(x), type));
        }
      }
    }
  }

  private Compare.Relation relation(DType type) {
    return type == BOOL ? Compare.Relation.EQUAL : any(List.of(Compare.Relation.values()));
  }

  private static List<Op.Elementwise> binary() {
    return List.of(new Add(), new Subtract(), new Multiply(), new Minimum(), new Maximum());
  }

  private static List<Op.Elementwise> unary() {
    return List.of(new Negate(), new Absolute(), new Sign());
  }

  private List<Op.Elementwise> binaryFloating() {
    List<Op.Elementwise> ops = new ArrayList<>(binary());
    ops.add(new Divide());
    if (!exact) {
      ops.add(new Power());
    }
    return ops;
  }

  private List<Op.Elementwise> unaryFloating() {
    List<Op.Elementwise> ops = new ArrayList<>(unary());
    ops.add(new Floor());
    ops.add(new Sqrt());
    if (!exact) {
      ops.addAll(
          List.of(new Exp(), new Log(), new Sin(), new Cos(), new Tanh(), new Atan(), new Erf()));
    }
    return ops;
  }

  private int read(DType type, boolean each) {
    List<Stride> strides = new ArrayList<>();
    int lane = lane();
    for (int k = 0; k < outer + inner; k++) {
      if (k >= outer && !each) {
        strides.add(Stride.NONE);
      } else if (k == lane) {
        strides.add(random.nextInt(4) == 0 ? Stride.NONE : Stride.UNIT);
      } else {
        strides.add(random.nextInt(3) == 0 ? Stride.NONE : Stride.ANY);
      }
    }
    accesses.add(
        new Access(type, strides, random.nextInt(8) == 0 ? offsets(each) : Access.NO_OFFSETS));
    return accesses.size() - 1;
  }

  /** An access of offsets, along neither the last axis nor the lanes. */
  private int offsets(boolean each) {
    List<Stride> strides = new ArrayList<>();
    for (int k = 0; k < outer + inner; k++) {
      boolean last = k == lane() || k == outer + inner - 1;
      boolean still = last || (k >= outer && !each) || random.nextBoolean();
      strides.add(still ? Stride.NONE : Stride.ANY);
    }
    accesses.add(new Access(I64, strides));
    return accesses.size() - 1;
  }

  private int lane() {
    return switch (vector) {
      case NONE -> -1;
      case INNER -> outer + inner - 1;
      case OUTER -> outer - 1;
    };
  }

  private int write(DType type, boolean each) {
    List<Stride> strides = new ArrayList<>();
    for (int k = 0; k < outer + inner; k++) {
      strides.add(k >= outer && !each ? Stride.NONE : k == lane() ? Stride.UNIT : Stride.ANY);
    }
    accesses.add(new Access(type, strides));
    return accesses.size() - 1;
  }

  private Sample bind(Nest nest, List<Long> extents, int reads, boolean cuttable) {
    List<Operand> operands = new ArrayList<>();
    List<List<Long>> strides = new ArrayList<>();
    List<Long> sizes = new ArrayList<>();
    for (int a = 0; a < accesses.size(); a++) {
      Access access = accesses.get(a);
      int axes = extents.size();
      List<Long> own = new ArrayList<>(java.util.Collections.nCopies(axes, 0L));
      // The axis of unit stride lies innermost in memory.
      long step = access.type().bytes();
      for (int k = 0; k < axes; k++) {
        if (access.strides().get(k) == Stride.UNIT) {
          own.set(k, step);
          step *= Math.max(1, extents.get(k));
        }
      }
      for (int k = axes - 1; k >= 0; k--) {
        if (access.strides().get(k) == Stride.ANY) {
          own.set(k, step);
          step *= Math.max(1, extents.get(k));
        }
      }
      long offset = random.nextInt(3) * 64L;
      operands.add(new Operand(a, offset));
      strides.add(own);
      sizes.add(offset + step + (access.hasOffsets() ? MOST_OFFSET : 0));
    }
    List<Long> cuts = new ArrayList<>(List.of(0L));
    long first = extents.getFirst();
    if (cuttable && first > 64 && random.nextBoolean()) {
      cuts.add(64L * (1 + random.nextInt((int) (first / 64))));
    }
    cuts.add(first);
    return new Sample(nest, new Binding(extents, operands, strides, cuts), sizes, reads);
  }
}
