package org.cajal.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import org.cajal.type.CajalException;
import org.cajal.type.NDArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The worker team: every piece once, stages in order, errors to the caller, any number of callers.
 */
class TeamTest {
  /**
   * Stage 0 adds 1 to each of {@code pieces} numbers; each later stage adds to each number its left
   * neighbour's of the stage before, read from the other half of the buffer. A piece that runs
   * twice, never, or before its stage shows in the numbers.
   */
  private record Ripple(int pieces, int stages) implements Kernel {
    @Override
    public String name() {
      return "ripple";
    }

    @Override
    public int pieces(int stage) {
      return pieces;
    }

    @Override
    public void run(MemorySegment[] table, int stage, int piece) {
      MemorySegment numbers = table[0];
      int from = stage % 2 * pieces;
      int to = (stage + 1) % 2 * pieces;
      long left = numbers.getAtIndex(ValueLayout.JAVA_LONG, from + (piece + pieces - 1) % pieces);
      long own = numbers.getAtIndex(ValueLayout.JAVA_LONG, from + piece);
      numbers.setAtIndex(ValueLayout.JAVA_LONG, to + piece, (31 * own + left + piece) % 1_000_003);
    }
  }

  private static MemorySegment[] numbers(int pieces) {
    return new MemorySegment[] {NDArray.allocate(16L * Math.max(1, pieces))};
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5})
  void runsEveryPieceOfEveryStageOnceAndInOrder(int threads) {
    try (Team team = new Team(threads)) {
      for (int pieces : new int[] {0, 1, 2, 3, 7, 64}) {
        Kernel kernel = new Ripple(pieces, 5);
        MemorySegment[] expected = numbers(pieces);
        for (int stage = 0; stage < kernel.stages(); stage++) {
          for (int piece = 0; piece < pieces; piece++) {
            kernel.run(expected, stage, piece);
          }
        }
        for (int repeat = 0; repeat < 200; repeat++) {
          MemorySegment[] table = numbers(pieces);
          team.run(kernel, table);
          assertThat(table[0].mismatch(expected[0]))
              .as("%d pieces, repeat %d", pieces, repeat)
              .isEqualTo(-1);
        }
      }
    }
  }

  @Test
  void runsASequenceOfKernelsInOrder() {
    try (Team team = new Team(3)) {
      Kernel[] kernels = {new Ripple(6, 1), new Ripple(6, 4), new Ripple(6, 3), new Ripple(6, 2)};
      MemorySegment[] expected = numbers(6);
      for (Kernel kernel : kernels) {
        for (int stage = 0; stage < kernel.stages(); stage++) {
          for (int piece = 0; piece < 6; piece++) {
            kernel.run(expected, stage, piece);
          }
        }
      }
      for (int repeat = 0; repeat < 500; repeat++) {
        MemorySegment[] table = numbers(6);
        team.run(Stage.of(List.of(kernels)), table);
        assertThat(table[0].mismatch(expected[0])).isEqualTo(-1);
      }
    }
  }

  @Test
  void manyCallersShareATeamWithoutMixingTheirRuns() throws InterruptedException {
    try (Team team = new Team(2)) {
      AtomicReference<Throwable> failure = new AtomicReference<>();
      List<Thread> callers = new ArrayList<>();
      for (int caller = 0; caller < 4; caller++) {
        int pieces = 3 + 5 * caller;
        callers.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      try {
                        Kernel kernel = new Ripple(pieces, 4);
                        MemorySegment[] expected = numbers(pieces);
                        try (Team alone = new Team(1)) {
                          alone.run(kernel, expected);
                        }
                        for (int repeat = 0; repeat < 2_000; repeat++) {
                          MemorySegment[] table = numbers(pieces);
                          team.run(kernel, table);
                          assertThat(table[0].mismatch(expected[0])).isEqualTo(-1);
                        }
                      } catch (Throwable e) {
                        failure.set(e);
                      }
                    }));
      }
      for (Thread caller : callers) {
        caller.join();
      }
      assertThat(failure.get()).isNull();
    }
  }

  /** Fails in one piece, counts the others. */
  private record Failing(int bad, AtomicInteger ran) implements Kernel {
    @Override
    public String name() {
      return "failing";
    }

    @Override
    public int pieces(int stage) {
      return 8;
    }

    @Override
    public void run(MemorySegment[] table, int stage, int piece) {
      if (piece == bad) {
        throw new IllegalStateException("piece " + piece);
      }
      ran.incrementAndGet();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void rethrowsAPiecesErrorAndStaysUsable(int threads) {
    try (Team team = new Team(threads)) {
      for (int repeat = 0; repeat < 100; repeat++) {
        int bad = repeat % 8;
        assertThatThrownBy(
                () -> team.run(new Failing(bad, new AtomicInteger()), new MemorySegment[0]))
            .isInstanceOf(IllegalStateException.class)
            .hasMessage("piece " + bad);
        AtomicInteger ran = new AtomicInteger();
        team.run(new Failing(-1, ran), new MemorySegment[0]);
        assertThat(ran).hasValue(8);
      }
    }
  }

  /** Each piece runs a kernel of its own on the same team. */
  private record Nested(Team team, AtomicInteger ran) implements Kernel {
    @Override
    public String name() {
      return "nested";
    }

    @Override
    public int pieces(int stage) {
      return 4;
    }

    @Override
    public void run(MemorySegment[] table, int stage, int piece) {
      team.run(new Failing(-1, ran), table);
    }
  }

  @Test
  void aPieceMayRunKernelsItself() {
    try (Team team = new Team(3)) {
      AtomicInteger ran = new AtomicInteger();
      team.run(new Nested(team, ran), new MemorySegment[0]);
      assertThat(ran).hasValue(32);
    }
  }

  /**
   * A member that is late for one stage must not take a piece of the next, which may have more of
   * them.
   */
  @Test
  void lateMembersTakeNoPieceOfTheNextStage() {
    AtomicIntegerArray taken = new AtomicIntegerArray(16);
    Kernel[] kernels = new Kernel[15];
    for (int i = 0; i < kernels.length; i++) {
      int pieces = 2 + i;
      kernels[i] =
          new Kernel() {
            @Override
            public String name() {
              return "count " + pieces;
            }

            @Override
            public int pieces(int stage) {
              return pieces;
            }

            @Override
            public void run(MemorySegment[] table, int stage, int piece) {
              taken.incrementAndGet(piece);
            }
          };
    }
    try (Team team = new Team(4)) {
      for (int round = 0; round < 20_000; round++) {
        for (Kernel kernel : kernels) {
          team.run(kernel, new MemorySegment[0]);
          for (int piece = 0; piece < kernel.pieces(0); piece++) {
            assertThat(taken.getAndSet(piece, 0)).isEqualTo(1);
          }
        }
      }
    }
  }

  @Test
  void aParkedTeamWakes() throws InterruptedException {
    try (Team team = new Team(3)) {
      for (int repeat = 0; repeat < 20; repeat++) {
        Thread.sleep(2);
        AtomicInteger ran = new AtomicInteger();
        team.run(new Failing(-1, ran), new MemorySegment[0]);
        assertThat(ran).hasValue(8);
      }
    }
  }

  @Test
  void aClosedTeamRunsOnItsCaller() {
    Team team = new Team(3);
    team.close();
    AtomicInteger ran = new AtomicInteger();
    team.run(new Failing(-1, ran), new MemorySegment[0]);
    assertThat(ran).hasValue(8);
    team.close();
  }

  @Test
  void theSharedTeamIsReplacedByOneOfTheSizeAskedFor() {
    int before = Team.shared().threads();
    try {
      Team.setThreads(3);
      assertThat(Team.shared().threads()).isEqualTo(3);
      assertThat(Team.shared()).isSameAs(Team.shared());
      Team.setThreads(1);
      assertThat(Team.shared().threads()).isEqualTo(1);
    } finally {
      Team.setThreads(before);
    }
  }

  @Test
  void refusesImpossibleSizes() {
    assertThatThrownBy(() -> new Team(0))
        .isInstanceOf(CajalException.class)
        .hasMessage("[team] 0 threads; allowed are 1 to 1024");
    assertThatThrownBy(() -> Team.setThreads(1025))
        .isInstanceOf(CajalException.class)
        .hasMessage("[team] 1025 threads; allowed are 1 to 1024");
  }
}
