package org.cajal.run;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.cajal.type.CajalException;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of threads that run kernels together: the caller is a member, the others are
 * daemon workers that spin for some tens of microseconds after each stage and then park. Each
 * member has a range of a stage's pieces, the same at each run, so that it finds in its core's
 * caches what it left there; who is done with its own takes pieces of the others. The results do
 * not depend on who does what, see {@link Kernel}. Running allocates nothing.
 *
 * <p>Safe for any number of callers at once: one of them leads the team, the others meanwhile run
 * their kernels alone on their own thread. Nobody waits for a lock.
 *
 * <p>What makes the hand-over safe: for each member {@code left} holds the number of the stage and
 * how many of the member's pieces are left. Who wants one reads it, then the job's fields, and
 * takes the piece by compare-and-set. The leader changes the fields only while no piece of any
 * member is left, so whoever succeeds has read the fields of that very stage.
 */
public final class Team implements AutoCloseable {
  private static final int MOST_THREADS = 1024;
  private static final long SPIN_NANOS = 50_000;
  private static final int SPINS_BETWEEN_CLOCKS = 64;

  /** From one member's number to the next, lest members share a cache line. */
  private static final int SPACING = 16;

  private static final VarHandle LEFT = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle DONE;
  private static final VarHandle FAILURE;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      DONE = lookup.findVarHandle(Team.class, "done", int.class);
      FAILURE = lookup.findVarHandle(Team.class, "failure", Throwable.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static volatile @Nullable Team shared;

  private final Worker[] workers;
  private volatile boolean closed;

  // The job: written by the leader before it publishes a stage, read by members before they take a
  // piece.
  private @Nullable Stage stage;
  private MemorySegment @Nullable [] table;

  /** For each member the stage's number in the upper 32 bits, its pieces left in the lower. */
  private final long[] left;

  /** The number of the last stage; the leader's. */
  private int number;

  private volatile int done;
  private final AtomicBoolean busy = new AtomicBoolean();
  private volatile @Nullable Throwable failure;
  private volatile @Nullable Thread waitingLeader;

  /**
   * A team of its own.
   *
   * @param threads members including the caller, 1 to 1024
   * @throws CajalException if {@code threads} is out of range
   */
  public Team(int threads) {
    if (threads < 1 || threads > MOST_THREADS) {
      throw new CajalException("[team] " + threads + " threads; allowed are 1 to " + MOST_THREADS);
    }
    workers = new Worker[threads - 1];
    left = new long[threads * SPACING];
    for (int i = 0; i < workers.length; i++) {
      workers[i] = new Worker(i + 1);
    }
    for (Worker worker : workers) {
      worker.thread.start();
    }
  }

  /**
   * The team that programs use unless told otherwise. Its size is that of the last {@link
   * #setThreads}, else the system property {@code cajal.threads}, else the number of processors.
   *
   * @throws CajalException if the property is not a number from 1 to 1024
   */
  public static Team shared() {
    Team team = shared;
    if (team != null) {
      return team;
    }
    synchronized (Team.class) {
      team = shared;
      if (team == null) {
        team = new Team(defaultThreads());
        shared = team;
      }
      return team;
    }
  }

  /**
   * Replaces the shared team by one of another size. Runs in flight on the old one finish.
   *
   * @param threads members including the caller, 1 to 1024
   * @throws CajalException if {@code threads} is out of range
   */
  public static void setThreads(int threads) {
    Team old;
    synchronized (Team.class) {
      old = shared;
      if (old != null && old.threads() == threads) {
        return;
      }
      shared = new Team(threads);
    }
    if (old != null) {
      old.close();
    }
  }

  private static int defaultThreads() {
    String property = System.getProperty("cajal.threads");
    if (property == null) {
      return Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
    }
    try {
      return Integer.parseInt(property);
    } catch (NumberFormatException e) {
      throw new CajalException(
          "[team] system property cajal.threads is \""
              + property
              + "\"; a number from 1 to "
              + MOST_THREADS
              + " is allowed",
          e);
    }
  }

  /** The number of members, including the caller. */
  public int threads() {
    return workers.length + 1;
  }

  /** Runs one kernel to its end, as {@link #run(Stage[], MemorySegment[])}. */
  public void run(Kernel kernel, MemorySegment[] table) {
    run(Stage.of(List.of(kernel)), table);
  }

  /**
   * Runs stages in order, each to its end. Stages of one piece are the caller's: a run of nothing
   * else leaves the team alone. From the first stage of more pieces on, the caller leads the team
   * if nobody else does, and the workers stay awake between stages.
   *
   * @throws RuntimeException or Error: the first that a piece threw, when every piece that was
   *     begun has ended
   */
  public void run(Stage[] stages, MemorySegment[] table) {
    boolean leads = false;
    try {
      for (Stage each : stages) {
        int pieces = each.pieces();
        if (pieces == 1) {
          each.run(table, 0);
        } else if (leads || lead()) {
          leads = true;
          runTogether(each, table);
        } else {
          for (int piece = 0; piece < pieces; piece++) {
            each.run(table, piece);
          }
        }
      }
    } finally {
      if (leads) {
        dismiss();
      }
    }
  }

  private boolean lead() {
    return workers.length > 0 && !closed && busy.compareAndSet(false, true);
  }

  private void dismiss() {
    stage = null;
    table = null;
    busy.set(false);
  }

  private void runTogether(Stage work, MemorySegment[] buffers) {
    stage = work;
    table = buffers;
    int pieces = work.pieces();
    done = 0;
    number++;
    for (int member = workers.length; member >= 0; member--) {
      int count = end(pieces, member) - end(pieces, member - 1);
      LEFT.setVolatile(left, member * SPACING, (long) number << 32 | count);
    }
    int helpers = Math.min(workers.length, pieces - 1);
    for (int i = 0; i < helpers; i++) {
      workers[i].wake();
    }
    work(0);
    awaitDone(pieces);
    Throwable thrown = failure;
    if (thrown != null) {
      failure = null;
      if (thrown instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) thrown;
    }
  }

  /** The piece after the last of a member; for −1 the first of all. */
  private int end(int pieces, int member) {
    int members = threads();
    return pieces / members * (member + 1) + Math.min(pieces % members, member + 1);
  }

  /** Does a member's own pieces, then what others have left. */
  private void work(int member) {
    int members = threads();
    for (int i = 0; i < members; i++) {
      workOff((member + i) % members);
    }
  }

  /** Takes and does pieces of a member until none is left. */
  private void workOff(int member) {
    long now = (long) LEFT.getVolatile(left, member * SPACING);
    while ((int) now != 0) {
      Stage work = stage;
      MemorySegment[] buffers = table;
      long before = (long) LEFT.compareAndExchange(left, member * SPACING, now, now - 1);
      if (before != now || work == null || buffers == null) {
        now = before;
        continue;
      }
      try {
        if (failure == null) {
          work.run(buffers, end(work.pieces(), member) - (int) now);
        }
      } catch (RuntimeException | Error e) {
        FAILURE.compareAndSet(this, (Throwable) null, e);
      }
      int finished = 1 + (int) DONE.getAndAdd(this, 1);
      if (finished == work.pieces()) {
        Thread leader = waitingLeader;
        if (leader != null) {
          LockSupport.unpark(leader);
        }
      }
      now = (long) LEFT.getVolatile(left, member * SPACING);
    }
  }

  private void awaitDone(int pieces) {
    long limit = 0;
    while (done != pieces) {
      for (int i = 0; i < SPINS_BETWEEN_CLOCKS; i++) {
        if (done == pieces) {
          return;
        }
        Thread.onSpinWait();
      }
      long time = System.nanoTime();
      if (limit == 0) {
        limit = time + SPIN_NANOS;
      } else if (time - limit > 0) {
        waitingLeader = Thread.currentThread();
        while (done != pieces) {
          LockSupport.park(this);
        }
        waitingLeader = null;
        return;
      }
    }
  }

  /**
   * Ends the workers and waits until they are gone. A run in flight finishes on its caller; later
   * runs are the caller's alone.
   */
  @Override
  public void close() {
    closed = true;
    boolean interrupted = false;
    for (Worker worker : workers) {
      LockSupport.unpark(worker.thread);
    }
    for (Worker worker : workers) {
      while (!worker.thread.equals(Thread.currentThread()) && worker.thread.isAlive()) {
        try {
          worker.thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** A daemon thread that looks for stages. */
  private final class Worker implements Runnable {
    private final int member;
    private final Thread thread;
    private volatile boolean parked;

    Worker(int member) {
      this.member = member;
      thread = Thread.ofPlatform().daemon().name("cajal-team-" + member).unstarted(this);
    }

    void wake() {
      if (parked) {
        LockSupport.unpark(thread);
      }
    }

    @Override
    public void run() {
      int seen = 0;
      while (true) {
        seen = awaitStage(seen);
        if (closed) {
          return;
        }
        work(member);
      }
    }

    /** The number of the stage that a member last heard of. */
    private int stageNumber() {
      return (int) ((long) LEFT.getVolatile(left, member * SPACING) >>> 32);
    }

    /**
     * The number of the stage once it differs from {@code seen}, or any once the team is closed.
     */
    private int awaitStage(int seen) {
      long limit = System.nanoTime() + SPIN_NANOS;
      while (true) {
        for (int i = 0; i < SPINS_BETWEEN_CLOCKS; i++) {
          int now = stageNumber();
          if (now != seen || closed) {
            return now;
          }
          Thread.onSpinWait();
        }
        if (System.nanoTime() - limit > 0) {
          parked = true;
          while (stageNumber() == seen && !closed) {
            LockSupport.park(Team.this);
          }
          parked = false;
          return stageNumber();
        }
      }
    }
  }
}
