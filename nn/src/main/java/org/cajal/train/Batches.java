package org.cajal.train;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.stream.IntStream;
import org.cajal.data.Dataset;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * The batches of a training one after the other, epoch after epoch: gathered on a thread of their
 * own into two chunks of arrays that take turns, or, where an epoch is so small that handing over
 * would take longer, on the caller's. The same bits either way. For one thread; a batch is valid
 * until the next one is asked for.
 */
final class Batches implements AutoCloseable {
  private static final long CHUNK_BYTES = 1 << 22;
  private static final int MOST_IN_CHUNK = 64;
  private static final long SMALL_EPOCH = 1 << 20;

  /** One batch: rows of inputs, of targets, and weights where rows have them. */
  record Batch(NDArray x, NDArray y, @Nullable NDArray weights) {
    int size() {
      return x.shape().dim(0);
    }
  }

  /** What is gathered: data, weights and order. */
  private final Dataset data;

  private final DType type;
  private final float @Nullable [] weights;
  private final TrainingSettings settings;
  private final int batchSize;
  private final int perEpoch;
  private final int chunkSize;

  private int epoch;
  private int position;
  private int[] order;

  private Chunk current;
  private int taken;

  private @Nullable Thread producer;
  private final BlockingQueue<Chunk> free = new ArrayBlockingQueue<>(2);
  private final BlockingQueue<Chunk> ready = new ArrayBlockingQueue<>(3);

  /** Arrays for some batches in a row. */
  private final class Chunk {
    private final List<Batch> whole = new ArrayList<>();
    private final List<Batch> batches = new ArrayList<>();
    private @Nullable Batch partial;
    private @Nullable Throwable failure;

    void fill() {
      batches.clear();
      int used = 0;
      for (int i = 0; i < chunkSize; i++) {
        int from = position * batchSize;
        int size = position == perEpoch - 1 ? data.size() - from : batchSize;
        Batch batch;
        if (size == batchSize) {
          if (used == whole.size()) {
            whole.add(arrays(size));
          }
          batch = whole.get(used++);
        } else {
          if (partial == null) {
            partial = arrays(size);
          }
          batch = partial;
        }
        gather(from, size, batch);
        batches.add(batch);
        advance();
        if (size != batchSize) {
          break;
        }
      }
    }
  }

  /**
   * Batches from a place on.
   *
   * @param type of the inputs: the data's own, or F64 where that is F32
   * @param weights of each row, or null for equal ones
   * @param least the rows that a batch must have; 1, or 2, where a last row alone joins the batch
   *     before it
   * @param epoch the first batch's, from 0
   * @param position the first batch's within its epoch, from 0
   */
  Batches(
      Dataset data,
      DType type,
      float @Nullable [] weights,
      TrainingSettings settings,
      int least,
      int epoch,
      int position) {
    this.data = data;
    this.type = type;
    this.weights = weights;
    this.settings = settings;
    this.batchSize = batchSize(settings, data);
    this.perEpoch = perEpoch(settings, data, least);
    this.epoch = epoch;
    this.position = position;
    this.order = order();
    long rowBytes =
        data.featureShape().size() * type.bytes()
            + data.targetShape().size() * data.targetDtype().bytes()
            + 4;
    boolean threaded = settings.prefetch() && rowBytes * data.size() >= SMALL_EPOCH;
    this.chunkSize =
        threaded ? Math.clamp(CHUNK_BYTES / (rowBytes * batchSize), 1, MOST_IN_CHUNK) : 1;
    this.current = new Chunk();
    if (threaded) {
      free.add(new Chunk());
      free.add(new Chunk());
      Thread thread = new Thread(this::produce, "cajal-batches");
      thread.setDaemon(true);
      producer = thread;
      thread.start();
    }
  }

  static int batchSize(TrainingSettings settings, Dataset data) {
    return settings.batchSize() == 0 ? data.size() : Math.min(settings.batchSize(), data.size());
  }

  static int perEpoch(TrainingSettings settings, Dataset data, int least) {
    int size = batchSize(settings, data);
    int whole = data.size() / size;
    return data.size() % size == 0 || (data.size() % size < least && size >= least)
        ? whole
        : whole + 1;
  }

  private int[] order() {
    return settings.shuffle()
        ? data.shuffleOrder(settings.seed(), epoch)
        : IntStream.range(0, data.size()).toArray();
  }

  private void advance() {
    position++;
    if (position == perEpoch) {
      position = 0;
      epoch++;
      order = order();
    }
  }

  private Batch arrays(int size) {
    NDArray x = NDArray.zeros(type, Shape.of(size).concat(data.featureShape()));
    NDArray y = NDArray.zeros(data.targetDtype(), Shape.of(size).concat(data.targetShape()));
    return new Batch(x, y, weights == null ? null : NDArray.of(new float[size], Shape.of(size)));
  }

  private void gather(int from, int size, Batch batch) {
    data.gather(order, from, from + size, batch.x, batch.y);
    NDArray w = batch.weights;
    if (w != null && weights != null) {
      for (int i = 0; i < size; i++) {
        w.set(i, weights[order[from + i]]);
      }
    }
  }

  private void produce() {
    try {
      while (true) {
        Chunk chunk = free.take();
        try {
          chunk.fill();
        } catch (RuntimeException | Error e) {
          chunk.failure = e;
          ready.put(chunk);
          return;
        }
        ready.put(chunk);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed: nobody waits for batches any more
    }
  }

  /** The next batch. */
  Batch next() {
    if (taken == current.batches.size()) {
      taken = 0;
      if (producer == null) {
        current.fill();
      } else {
        exchange();
      }
    }
    return current.batches.get(taken++);
  }

  private void exchange() {
    Chunk used = current;
    if (!used.batches.isEmpty()) {
      free.add(used);
    }
    boolean interrupted = false;
    while (true) {
      try {
        current = ready.take();
        break;
      } catch (InterruptedException e) {
        interrupted =
            true; // whoever wants training to end tells the trainer, which ends after a step
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    Throwable failure = current.failure;
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException exception) {
      throw exception;
    }
  }

  @Override
  public void close() {
    Thread thread = producer;
    if (thread != null) {
      thread.interrupt();
    }
  }
}
