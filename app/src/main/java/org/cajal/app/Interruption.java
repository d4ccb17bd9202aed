package org.cajal.app;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ctrl-C, and the request to end that a system sends: training is told to stop, and the process
 * ends once the command has saved what it has. If that takes too long, it ends anyway; files are
 * replaced as a whole or not at all.
 */
final class Interruption implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  private final CountDownLatch done = new CountDownLatch(1);
  private final Runnable stop;
  private final @Nullable Thread hook;
  private volatile boolean requested;

  /**
   * Listens from now on.
   *
   * @param stop what tells the training to stop, on another thread
   */
  Interruption(Runnable stop) {
    this.stop = stop;
    Thread thread = new Thread(this::hold, "cajal-interruption");
    boolean listening;
    try {
      Runtime.getRuntime().addShutdownHook(thread);
      listening = true;
    } catch (IllegalStateException e) { // the process is ending already
      requested = true;
      stop.run();
      listening = false;
    }
    hook = listening ? thread : null;
  }

  private void hold() {
    requested = true;
    stop.run();
    try {
      boolean finished = done.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (!finished) {
        Thread.currentThread().interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether the user wants to end. */
  boolean isRequested() {
    return requested;
  }

  /** All is saved and said: the process may end. */
  @Override
  public void close() {
    done.countDown();
    if (hook != null && !requested) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (
          IllegalStateException
              e) { // it is ending at this very moment, which is what was waited for
        requested = true;
      }
    }
  }
}
