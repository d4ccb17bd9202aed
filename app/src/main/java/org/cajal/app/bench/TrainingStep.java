package org.cajal.app.bench;

import java.util.ArrayList;
import java.util.List;
import org.cajal.layer.Forward;
import org.cajal.layer.Mode;
import org.cajal.layer.Parameters;
import org.cajal.model.Targets;
import org.cajal.optim.Slots;
import org.cajal.tensor.BoundProgram;
import org.cajal.tensor.Feed;
import org.cajal.tensor.Gradients;
import org.cajal.tensor.Profile;
import org.cajal.tensor.Program;
import org.cajal.tensor.Tensor;
import org.cajal.tensor.Update;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;

/**
 * A workload's training step, compiled: forward pass, gradients and update in one program. For one
 * thread.
 */
public final class TrainingStep {
  private static final long SEED = 1;

  private final Program program;
  private final BoundProgram bound;
  private final NDArray loss;
  private final long parameters;
  private final NDArray count = NDArray.scalar(DType.F32, 0);
  private final NDArray key = NDArray.of(new int[] {1, 0}, Shape.of(2));

  /** Compiles the step of a workload, with new parameters. */
  public TrainingStep(Workload work) {
    Parameters numbers = new Parameters(SEED);
    Tensor x = Tensor.input("x", work.inputs().dtype(), work.inputs().shape());
    Tensor y = Tensor.input("y", work.targets().dtype(), work.targets().shape());
    Tensor rate = Tensor.input("rate", DType.F32, Shape.SCALAR);
    Tensor step = Tensor.input("step", DType.F32, Shape.SCALAR);
    Tensor random = Tensor.input("key", DType.I32, Shape.of(2));
    Forward forward = Forward.of(work.network(), numbers, x, Mode.TRAINING, random);
    Tensor mean = Targets.loss(work.loss(), work.task(), forward.output(), y, null);
    List<Tensor> trainable = numbers.trainable();
    List<Tensor> gradients = Gradients.of(mean).withRespectTo(trainable);
    List<Update> updates = new ArrayList<>(forward.updates());
    updates.addAll(work.optimizer().updates(trainable, gradients, rate, step, new Slots()));
    parameters = numbers.count();
    Feed feed =
        Feed.of("x", work.inputs())
            .and("y", work.targets())
            .and("rate", NDArray.scalar(DType.F32, work.learningRate()))
            .and("step", count)
            .and("key", key);
    program = Program.compile(List.of(mean), updates);
    bound = program.bind(feed);
    loss = bound.output(mean);
  }

  /**
   * Takes one step.
   *
   * @return the loss of the batch before the update
   */
  public double run() {
    double next = count.get(0) + 1;
    count.set(0, next);
    key.set(1, next);
    bound.run();
    return loss.get(0);
  }

  /** The compiled step. */
  public Program program() {
    return program;
  }

  /** Takes so many steps with a watch on each kernel. */
  public Profile profile(int steps) {
    return bound.profile(steps);
  }

  /** The number of learned numbers. */
  public long parameters() {
    return parameters;
  }
}
