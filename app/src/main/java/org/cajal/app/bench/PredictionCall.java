package org.cajal.app.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.cajal.data.Task;
import org.cajal.model.Model;
import org.cajal.model.ModelSpec;
import org.cajal.model.Predictor;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;

/** A workload's network answering for some examples, from array to array. */
public final class PredictionCall {
  private static final long SEED = 1;
  private static final int CALLS_BETWEEN_LOOKS = 16;

  private final Predictor predictor;
  private final float[] examples;
  private final float[] answers;

  /**
   * Compiles the network of a workload, with new parameters.
   *
   * @param rows the number of examples of a call
   */
  public PredictionCall(Workload work, int rows) {
    NDArray inputs = work.inputs();
    Shape one = inputs.shape().sub(1, inputs.shape().rank());
    ModelSpec spec =
        new ModelSpec(
            work.network(),
            work.loss(),
            DType.F32,
            one,
            inputs.dtype(),
            Task.REGRESSION, // with any number of outputs
            List.of(),
            List.of(),
            Optional.empty(),
            Optional.empty());
    predictor = Model.untrained(spec, SEED).predictor(rows);
    examples = new float[predictor.inputSize()];
    for (int i = 0; i < examples.length; i++) {
      examples[i] = (float) inputs.get(i % inputs.size());
    }
    answers = new float[predictor.outputSize()];
  }

  /** Answers once. */
  public void run() {
    predictor.predict(examples, answers);
  }

  /**
   * How many calls a second all of some threads make that call as fast as they can.
   *
   * @param callers how many threads
   * @param seconds how long they do
   */
  public double callsPerSecond(int callers, double seconds) throws InterruptedException {
    AtomicBoolean over = new AtomicBoolean();
    AtomicLong calls = new AtomicLong();
    CountDownLatch ready = new CountDownLatch(callers);
    CountDownLatch go = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < callers; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    float[] own = new float[answers.length];
                    ready.countDown();
                    long done = 0;
                    try {
                      go.await();
                    } catch (InterruptedException e) {
                      return; // nobody waits for the count
                    }
                    while (!over.get()) {
                      for (int call = 0; call < CALLS_BETWEEN_LOOKS; call++) {
                        predictor.predict(examples, own);
                      }
                      done += CALLS_BETWEEN_LOOKS;
                    }
                    calls.addAndGet(done);
                  }));
    }
    ready.await();
    long begun = System.nanoTime();
    go.countDown();
    Thread.sleep((long) (seconds * 1000));
    over.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
    return calls.get() / ((System.nanoTime() - begun) * 1e-9);
  }
}
