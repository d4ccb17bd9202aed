package org.cajal.compile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.cajal.emit.Emitter;
import org.cajal.graph.Graphs;
import org.cajal.op.Node;
import org.cajal.op.Variable;
import org.cajal.run.Executable;
import org.cajal.run.Operand;
import org.cajal.run.RowOffsetsKernel;
import org.cajal.run.simd.PanelKernel;
import org.cajal.run.simd.Product;
import org.cajal.type.CajalException;
import org.cajal.type.NDArray;
import org.jspecify.annotations.Nullable;

/** From graphs to an executable: simplify, fuse and order, plan memory, make kernels. */
public final class Compiler {
  private Compiler() {}

  /**
   * Compiles outputs to read and updates of variables.
   *
   * @param outputs what a run answers
   * @param updates what variables become; all see the values from before the run
   */
  public static Executable compile(List<Node> outputs, Map<Variable, Node> updates) {
    List<Node> roots = new ArrayList<>(outputs);
    roots.addAll(updates.values());
    List<Node> simple = Simplifier.simplify(roots);
    simple = Simplifier.simplify(LongSums.ofPaddings(simple));
    simple = Simplifier.simplify(LongSums.ofProducts(simple));
    simple = GatheredProducts.shareSums(simple);
    List<Node> results = simple.subList(0, outputs.size());
    Map<Variable, Node> changes = new LinkedHashMap<>();
    int next = outputs.size();
    for (Variable variable : updates.keySet()) {
      changes.put(variable, simple.get(next++));
    }
    Scheduler schedule = Scheduler.schedule(results, changes);
    return new Assembly(schedule, results).executable();
  }

  /** Places buffers and makes kernels. */
  private static final class Assembly {
    private final Scheduler schedule;
    private final List<Node> outputs;
    private final Set<Home.Slab> slabs = new LinkedHashSet<>();
    private final Set<Home.Fed> feds = new LinkedHashSet<>();
    private final Set<Home.Cell> cells = new LinkedHashSet<>();
    private final Set<Home.Fixed> fixed = new LinkedHashSet<>();
    private final Map<Home, Integer> table = new LinkedHashMap<>();

    Assembly(Scheduler schedule, List<Node> outputs) {
      this.schedule = schedule;
      this.outputs = outputs;
    }

    private Home home(Node node) {
      return Graphs.get(schedule.homes, node);
    }

    private void touch(Home home, int item) {
      switch (home) {
        case Home.Slab slab -> {
          slab.touch(item);
          slabs.add(slab);
        }
        case Home.Part part -> touch(part.whole(), item);
        case Home.Fed fed -> feds.add(fed);
        case Home.Cell cell -> cells.add(cell);
        case Home.Fixed constant -> fixed.add(constant);
      }
    }

    Executable executable() {
      List<Home.Slab> scratch = new ArrayList<>();
      int n = schedule.items.size();
      for (int i = 0; i < n; i++) {
        Scheduler.Item item = schedule.items.get(i);
        for (Home home : schedule.touches(item)) {
          touch(home, i);
        }
        Home.Slab temporary = new Home.Slab("none", 0);
        if (item instanceof Scheduler.Call call) {
          long bytes = Calls.scratchBytes(call.node(), schedule.homes, this::panels);
          temporary = new Home.Slab("scratch", Math.max(64, bytes));
          touch(temporary, i);
        }
        scratch.add(temporary);
      }
      for (Node output : outputs) {
        touch(schedule.outputHome(output), n);
      }
      MemoryPlan plan = MemoryPlan.plan(List.copyOf(slabs));
      refuseIfTooLarge(plan.slabBytes(), bytesBesides());
      int index = 1;
      for (Set<? extends Home> part : List.of(feds, cells, fixed)) {
        for (Home home : part) {
          table.put(home, index++);
        }
      }
      Function<Home, Operand> place = this::place;
      List<Executable.Scheduled> kernels = new ArrayList<>();
      for (int i = 0; i < n; i++) {
        switch (schedule.items.get(i)) {
          case Scheduler.Loops loops -> {
            if (loops.fused.rows() > 0) {
              kernels.add(
                  new Executable.Scheduled(
                      Emitter.kernel(
                          loops.fused.label(), loops.fused.nest(), loops.fused.bind(place)),
                      loops.fused.operations()));
            }
          }
          case Scheduler.Call call ->
              kernels.add(
                  new Executable.Scheduled(
                      Calls.kernel(
                          call.node(),
                          schedule.homes,
                          node -> place(home(node)),
                          this::panels,
                          place(home(call.node())),
                          place(scratch.get(i))),
                      List.of(call.node().op().name())));
          case Scheduler.RowOffsets rows ->
              kernels.add(
                  new Executable.Scheduled(
                      new RowOffsetsKernel(
                          rows.index().dtype(),
                          rows.index().shape().size(),
                          rows.rows(),
                          rows.rowBytes(),
                          place(home(rows.index())),
                          place(rows.home())),
                      List.of("rowOffsets")));
          case Scheduler.Panels panels -> {
            Scheduler.Matrix matrix = panels.matrix();
            Operand base = place(home(matrix.at().base()));
            kernels.add(
                new Executable.Scheduled(
                    new PanelKernel(
                        matrix.type(),
                        matrix.k(),
                        matrix.n(),
                        Calls.matrix(matrix.at(), matrix.type(), base),
                        place(panels.home())),
                    List.of("panels")));
          }
        }
      }
      List<Executable.Place> places = new ArrayList<>();
      for (Node output : outputs) {
        places.add(
            new Executable.Place(
                place(schedule.outputHome(output)), output.dtype(), output.shape()));
      }
      List<Executable.Slot> inputs = new ArrayList<>();
      feds.forEach(f -> inputs.add(new Executable.Slot(f.name(), f.dtype(), f.shape())));
      List<NDArray> constants = fixed.stream().map(Home.Fixed::value).toList();
      return new Executable(
          kernels,
          plan.slabBytes(),
          plan.aliveBytes(),
          inputs,
          cells.stream().map(Home.Cell::variable).toList(),
          constants,
          places);
    }

    /** Where a product finds its right matrix in panels; null if it reads it where it lies. */
    private Product.@Nullable Matrix panels(Node product) {
      Scheduler.Panels shared = schedule.panels.get(product);
      return shared == null
          ? null
          : Product.Matrix.panels(
              shared.matrix().type(), place(shared.home()), shared.matrix().k());
    }

    /** The memory of inputs, variables and constants. */
    private long bytesBesides() {
      long bytes = 0;
      for (Home.Fed fed : feds) {
        bytes += fed.shape().size() * fed.dtype().bytes();
      }
      for (Home.Cell cell : cells) {
        bytes += cell.variable().shape().size() * cell.variable().dtype().bytes();
      }
      for (Home.Fixed constant : fixed) {
        bytes += constant.value().size() * constant.value().dtype().bytes();
      }
      return bytes;
    }

    /** Before anything is allocated. */
    private static void refuseIfTooLarge(long bytes, long besides) {
      long most = Runtime.getRuntime().maxMemory();
      if (bytes > most - besides) {
        throw CajalException.at(
            "program",
            String.format(
                Locale.ROOT,
                "a run needs %,d MB of memory beside %,d MB of inputs and variables, the JVM may"
                    + " use %,d MB; use a smaller batch or smaller shapes, or start Java with a"
                    + " larger -Xmx",
                bytes >> 20,
                besides >> 20,
                most >> 20));
      }
    }

    private Operand place(Home home) {
      return switch (home) {
        case Home.Slab slab -> new Operand(0, slab.offset);
        case Home.Part part -> {
          Operand whole = place(part.whole());
          yield new Operand(whole.buffer(), whole.offset() + part.start());
        }
        default -> new Operand(Graphs.get(table, home), 0);
      };
    }
  }
}
