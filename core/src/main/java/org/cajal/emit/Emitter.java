package org.cajal.emit;

import static org.cajal.type.DType.BOOL;
import static org.cajal.type.DType.F32;
import static org.cajal.type.DType.F64;
import static org.cajal.type.DType.I64;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.cajal.loop.Binding;
import org.cajal.loop.Nest;
import org.cajal.loop.Nest.Access;
import org.cajal.loop.Nest.Apply;
import org.cajal.loop.Nest.Each;
import org.cajal.loop.Nest.Fold;
import org.cajal.loop.Nest.Once;
import org.cajal.loop.Nest.Stage;
import org.cajal.loop.Nest.Vectorized;
import org.cajal.op.Cast;
import org.cajal.op.Max;
import org.cajal.op.Min;
import org.cajal.op.Op;
import org.cajal.op.Product;
import org.cajal.op.Sum;
import org.cajal.run.Kernel;
import org.cajal.run.Operand;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.jspecify.annotations.Nullable;

/**
 * Turns loop nests into kernels. Each distinct nest becomes one hidden class, which all programs
 * and shapes share.
 *
 * <p>Elementwise results have the same bits in vector and in scalar code, wherever an element lies,
 * on every machine; sums depend besides on the number of lanes of the machine's vectors, and never
 * on cuts, threads, or how far the JVM has compiled. That is why {@code VectorOperators.EXP} and
 * its kin are not used: their bits change when the JVM's optimising compiler takes over. F32
 * functions are polynomials in exactly rounded operations instead; F64 functions that are not
 * arithmetic are those of {@link StrictMath}, one element at a time: a nest that uses one is
 * written as scalar code whatever it asks for. So is one that mixes element types of 4 and 8 bytes,
 * and one of a stage with more than two folds.
 *
 * <p>System properties, read once: {@code cajal.simd=off} writes scalar code only; {@code
 * cajal.dump=DIR} leaves each class as a file in that folder; {@code cajal.verify=true} has the
 * class-file verifier check each class first.
 */
public final class Emitter {
  /** The JVM's compiler leaves methods of more bytes to the bytecode interpreter. */
  static final int LARGEST_METHOD = 8000;

  /** The most vectors of a row that stay in registers. */
  private static final long LONGEST_ROW = 8L;

  /** Vectors that go through the loops of a fold together: four lines of memory on AVX-512. */
  private static final int ABREAST = 4;

  /** How many values a short fold runs at once: enough to hide the latency of its operation. */
  private static final int RUNNING = 4;

  private static final System.Logger LOG = System.getLogger(Emitter.class.getName());
  private static final ConcurrentMap<Key, Written> CACHE = new ConcurrentHashMap<>();
  private static final ConcurrentMap<Key, Boolean> FITTING = new ConcurrentHashMap<>();
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static volatile boolean verify = Boolean.getBoolean("cajal.verify");
  private static volatile boolean scalarOnly = withoutVectors();

  private Emitter() {}

  /**
   * What a class is written for.
   *
   * @param row of how many vectors each row of the nest consists, 0 if that is open
   * @param partial whether lanes of the last of them are off
   * @param buffers for each access the first one of the same buffer: a method that knows how few
   *     buffers there are checks each of them less often
   */
  private record Key(Nest nest, boolean scalar, int row, boolean partial, List<Integer> buffers) {}

  /** A class, or none if the nest is too large. */
  private record Written(@Nullable Loop loop) {}

  /**
   * A kernel that runs a nest. Its only stage has a piece for each pair of neighbouring cuts.
   * Running allocates nothing, except for a sine or cosine of an angle beyond 98,304 and a power
   * with an argument that is not finite.
   *
   * @param name what a profile calls it
   * @param nest the structure
   * @param binding its numbers
   * @throws IllegalArgumentException if the nest is not well formed or too large, see {@link
   *     #fits}, or the binding contradicts it
   */
  public static Kernel kernel(String name, Nest nest, Binding binding) {
    checkBinding(nest, binding);
    int axes = nest.outer() + nest.inner();
    int count = nest.accesses().size();
    int[] buffers = new int[count];
    long[] numbers = new long[axes + count * (axes + 1)];
    for (int k = 0; k < axes; k++) {
      numbers[k] = binding.extents().get(k);
    }
    int at = axes;
    for (int a = 0; a < count; a++) {
      Operand operand = binding.operands().get(a);
      buffers[a] = operand.buffer();
      numbers[at++] = operand.offset();
      for (int k = 0; k < axes; k++) {
        numbers[at++] = binding.strides().get(a).get(k);
      }
    }
    long[] cuts = binding.cuts().stream().mapToLong(Long::longValue).toArray();
    Key key = key(nest, sharedBuffers(buffers));
    Key rows = inRegisters(key, binding);
    Loop loop = rows == null ? null : written(rows).loop();
    boolean isRows = loop != null;
    if (loop == null) {
      loop = written(key).loop();
    }
    if (loop == null) {
      throw new IllegalArgumentException(
          "[emit] nest " + name + " is too large for one method; split it");
    }
    return new LoopKernel(
        name,
        loop,
        isRows,
        buffers,
        numbers,
        cuts,
        Work.flops(nest, binding),
        Work.bytes(nest, binding));
  }

  /**
   * Whether the JVM's compilers will take a nest's code: a method has at most 8,000 bytes, and what
   * its vectors ask of the first compiler is bounded too. As a rule of thumb a stage may have 400
   * sums and products, or 15 elementary functions (3 powers), and 30 vectors read or stored; where
   * the last outer axis runs along the lanes this holds for all stages together. The code is
   * written to find out.
   *
   * @throws IllegalArgumentException if the nest is not well formed
   */
  public static boolean fits(Nest nest) {
    List<Integer> apart = IntStream.range(0, nest.accesses().size()).boxed().toList();
    return FITTING.computeIfAbsent(key(nest, apart), key -> bytes(key, name()) != null);
  }

  /**
   * Chooses between vector and scalar code for kernels made from now on.
   *
   * @param only true for scalar code; false has no effect where the module jdk.incubator.vector is
   *     missing
   */
  public static void scalarOnly(boolean only) {
    scalarOnly = only || !hasVectorModule();
  }

  /** Whether kernels made now are scalar code only. */
  public static boolean scalarOnly() {
    return scalarOnly;
  }

  /** Chooses whether classes written from now on are verified; tests do. */
  static void verify(boolean check) {
    verify = check;
  }

  private static boolean hasVectorModule() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
  }

  private static boolean withoutVectors() {
    if ("off".equals(System.getProperty("cajal.simd"))) {
      LOG.log(
          System.Logger.Level.INFO, "Scalar kernels only: the system property cajal.simd is off.");
      return true;
    }
    if (!hasVectorModule()) {
      LOG.log(
          System.Logger.Level.WARNING,
          "Scalar kernels only, several times slower: the module jdk.incubator.vector is missing;"
              + " start Java with --add-modules jdk.incubator.vector.");
      return true;
    }
    return false;
  }

  private static ClassDesc name() {
    return ClassDesc.of("org.cajal.emit.Nest" + NUMBER.incrementAndGet());
  }

  /** For each access the first one of the same buffer. */
  private static List<Integer> sharedBuffers(int[] buffers) {
    List<Integer> all = Arrays.stream(buffers).boxed().toList();
    return all.stream().map(all::indexOf).toList();
  }

  private static Key key(Nest nest, List<Integer> buffers) {
    Nest canonical = canonical(nest);
    return new Key(
        canonical,
        scalarOnly || canonical.vector() == Vectorized.NONE || !hasVectorForm(canonical),
        0,
        false,
        buffers);
  }

  private static Written written(Key key) {
    return CACHE.computeIfAbsent(key, Emitter::write);
  }

  /** What to write for rows that stay in registers; null if they are too long or have no lanes. */
  private static @Nullable Key inRegisters(Key key, Binding binding) {
    Nest nest = key.nest();
    if (key.scalar()
        || nest.vector() != Vectorized.INNER
        || nest.inner() != 1
        || nest.outer() == 0) {
      return null;
    }
    int lanes = Simd.lanes(isWide(nest) ? F64 : F32);
    long elements = binding.extents().getLast();
    boolean partial = elements % lanes != 0;
    return elements == 0 || elements > LONGEST_ROW * lanes || (partial && !Simd.HAS_MASKS)
        ? null
        : new Key(nest, false, (int) ((elements + lanes - 1) / lanes), partial, key.buffers());
  }

  /** Reductions without their axes, which the loops state. */
  private static Nest canonical(Nest nest) {
    List<Stage> stages = new ArrayList<>();
    for (Stage stage : nest.stages()) {
      stages.add(
          switch (stage) {
            case Once once -> once;
            case Each each ->
                new Each(
                    each.steps(),
                    each.stores(),
                    each.folds().stream()
                        .map(f -> new Fold(canonical(f.op()), f.value(), f.type()))
                        .toList());
          });
    }
    return new Nest(nest.outer(), nest.inner(), nest.vector(), nest.accesses(), stages);
  }

  private static Op.Reduction canonical(Op.Reduction op) {
    return switch (op) {
      case Sum _ -> new Sum(List.of());
      case Product _ -> new Product(List.of());
      case Max _ -> new Max(List.of());
      case Min _ -> new Min(List.of());
    };
  }

  private static Written write(Key key) {
    ClassDesc name = name();
    byte[] bytes = bytes(key, name);
    if (bytes == null) {
      return new Written(null);
    }
    dump(name, bytes);
    if (verify) {
      verify(key.nest(), bytes);
    }
    return new Written(define(bytes));
  }

  /** The class in the first way that the JVM would compile, or null if there is none. */
  private static byte @Nullable [] bytes(Key key, ClassDesc name) {
    for (Plan plan : plans(key)) {
      byte[] bytes = bytes(plan, name);
      if (bytes != null) {
        return bytes;
      }
    }
    return null;
  }

  /** The ways to write a nest, the best first. */
  private static List<Plan> plans(Key key) {
    List<Plan> plans = new ArrayList<>();
    if (key.row() > 0) {
      plans.add(plan(key, 1, key.partial(), 1));
      return plans;
    }
    boolean masks = !key.scalar() && Simd.HAS_MASKS;
    Nest nest = key.nest();
    if (masks
        && nest.vector() == Vectorized.OUTER
        && nest.stages().stream().anyMatch(Each.class::isInstance)) {
      plans.add(plan(key, 1, true, ABREAST));
    }
    for (boolean masked : masks ? new boolean[] {true, false} : new boolean[] {false}) {
      plans.add(plan(key, RUNNING, masked, 1));
      plans.add(plan(key, 1, masked, 1));
    }
    return plans;
  }

  private static Plan plan(Key key, int running, boolean masked, int abreast) {
    Nest nest = key.nest();
    DType floating = isWide(nest) ? F64 : F32;
    return new Plan(
        nest,
        Levels.of(nest),
        key.scalar() ? Vectorized.NONE : nest.vector(),
        floating,
        key.scalar() ? 1 : Simd.lanes(floating),
        running,
        masked,
        key.row(),
        abreast,
        key.buffers());
  }

  /** The class, or null if the JVM would not compile it. */
  private static byte @Nullable [] bytes(Plan plan, ClassDesc name) {
    try {
      byte[] bytes = new NestWriter(plan, name).write();
      return NestWriter.size(bytes) <= LARGEST_METHOD ? bytes : null;
    } catch (Code.TooLarge e) {
      return null;
    }
  }

  private static Loop define(byte[] bytes) {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup().defineHiddenClass(bytes, true);
      return (Loop)
          lookup.findConstructor(lookup.lookupClass(), MethodType.methodType(void.class)).invoke();
    } catch (Throwable e) {
      throw new IllegalStateException("[emit] a generated class does not load", e);
    }
  }

  private static void verify(Nest nest, byte[] bytes) {
    List<VerifyError> errors = ClassFile.of().verify(bytes);
    if (!errors.isEmpty()) {
      throw new IllegalStateException(
          "[emit] a generated class is wrong: " + errors.getFirst().getMessage() + " of " + nest);
    }
  }

  private static void dump(ClassDesc name, byte[] bytes) {
    String folder = System.getProperty("cajal.dump");
    if (folder != null) {
      try {
        Path path = Files.createDirectories(Path.of(folder));
        Files.write(path.resolve(name.displayName() + ".class"), bytes);
      } catch (IOException e) {
        throw new CajalException(
            "[emit] cannot dump classes to " + folder + " (system property cajal.dump): " + e, e);
      }
    }
  }

  // ---- what has a vector form

  private static boolean isWide(Nest nest) {
    return types(nest).stream().anyMatch(t -> t == F64 || t == I64);
  }

  /** The types of all values; offsets are none. */
  private static List<DType> types(Nest nest) {
    List<DType> types = new ArrayList<>();
    for (int a = 0; a < nest.accesses().size(); a++) {
      int number = a;
      if (nest.accesses().stream().noneMatch(other -> other.offsets() == number)) {
        types.add(nest.accesses().get(a).type());
      }
    }
    nest.stages().forEach(stage -> stage.steps().forEach(step -> types.add(step.type())));
    return types;
  }

  private static boolean hasVectorForm(Nest nest) {
    boolean wide = isWide(nest);
    if (nest.vector() == Vectorized.INNER
        && nest.stages().stream()
            .anyMatch(stage -> stage instanceof Each each && !NestWriter.isReturned(each))) {
      return false;
    }
    for (DType type : types(nest)) {
      if (type != BOOL && (type.bytes() == 8) != wide) {
        return false;
      }
    }
    return !wide
        || nest.stages().stream()
            .flatMap(stage -> stage.steps().stream())
            .noneMatch(step -> step instanceof Apply apply && !hasWideForm(apply));
  }

  /** Whether an operation on F64 and I64 has a vector form. */
  private static boolean hasWideForm(Apply apply) {
    boolean conversion =
        apply.op() instanceof Cast cast
            && cast.from() != cast.to()
            && cast.from() != BOOL
            && cast.to() != BOOL;
    return !conversion && !Levels.isCostly(apply.op());
  }

  // ---- checks

  private static void checkBinding(Nest nest, Binding binding) {
    int axes = nest.outer() + nest.inner();
    require(binding.extents().size() == axes, "extents", binding.extents().size(), axes);
    int count = nest.accesses().size();
    require(binding.operands().size() == count, "operands", binding.operands().size(), count);
    require(binding.strides().size() == count, "lists of strides", binding.strides().size(), count);
    for (int a = 0; a < count; a++) {
      Access access = nest.accesses().get(a);
      require(
          access.strides().size() == axes,
          "kinds of strides of access " + a,
          access.strides().size(),
          axes);
      List<Long> strides = binding.strides().get(a);
      require(strides.size() == axes, "strides of access " + a, strides.size(), axes);
      for (int k = 0; k < axes; k++) {
        long expected =
            switch (access.strides().get(k)) {
              case NONE -> 0;
              case UNIT -> access.type().bytes();
              case ANY -> strides.get(k);
            };
        if (strides.get(k) != expected && binding.extents().get(k) > 1) {
          throw new IllegalArgumentException(
              "[emit] access "
                  + a
                  + " has stride "
                  + strides.get(k)
                  + " along axis "
                  + k
                  + ", which its nest calls "
                  + access.strides().get(k));
        }
      }
    }
    List<Long> cuts = binding.cuts();
    for (int k = 1; k < axes; k++) {
      checkLoop(binding.extents().get(k), k);
    }
    for (int i = 1; i < cuts.size(); i++) {
      checkLoop(cuts.get(i) - cuts.get(i - 1), 0);
    }
    boolean ascending = !cuts.isEmpty() && cuts.getFirst() == 0;
    for (int i = 1; i < cuts.size(); i++) {
      ascending &= cuts.get(i - 1) <= cuts.get(i);
    }
    if (!ascending || (axes > 0 && !cuts.getLast().equals(binding.extents().getFirst()))) {
      throw new IllegalArgumentException(
          "[emit] cuts " + cuts + " do not cover axis 0 of extents " + binding.extents());
    }
  }

  /** Loops count in ints. */
  private static void checkLoop(long extent, int axis) {
    if (extent > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "[emit] "
              + extent
              + " elements along axis "
              + axis
              + ", allowed are "
              + Integer.MAX_VALUE
              + (axis == 0 ? "; cut it" : ""));
    }
  }

  private static void require(boolean holds, String what, int found, int expected) {
    if (!holds) {
      throw new IllegalArgumentException("[emit] " + found + " " + what + ", expected " + expected);
    }
  }
}
