package org.cajal.tensor;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Things that one thread at a time may use, such as bound programs, kept for whoever needs one
 * next. Any number of threads take and give at once without waiting for each other; a thread that
 * comes back finds what it gave. Neither allocates, unless nothing is left and one more is made.
 *
 * @param <T> what is kept
 */
public final class FreeList<T> {
  private static final int PLACES = 64;

  /** References between two places, so that threads do not write to the same cache lines. */
  private static final int SPACING = 16;

  private final Supplier<T> make;
  private final AtomicReferenceArray<@Nullable T> places =
      new AtomicReferenceArray<>(PLACES * SPACING);

  /** An empty list. */
  public FreeList(Supplier<T> make) {
    this.make = make;
  }

  /** One for the caller alone, until it is given back. */
  public T take() {
    int first = (int) Thread.currentThread().threadId();
    for (int i = 0; i < PLACES; i++) {
      int place = (first + i) % PLACES * SPACING;
      if (places.getPlain(place) != null) {
        T taken = places.getAndSet(place, null);
        if (taken != null) {
          return taken;
        }
      }
    }
    return make.get();
  }

  /** Gives back what was taken; it is forgotten if there is no room. */
  public void give(T taken) {
    int first = (int) Thread.currentThread().threadId();
    for (int i = 0; i < PLACES; i++) {
      int place = (first + i) % PLACES * SPACING;
      if (places.getPlain(place) == null && places.compareAndSet(place, null, taken)) {
        return;
      }
    }
  }
}
