package org.cajal.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.cajal.data.Dataset;
import org.cajal.init.Initializer;
import org.cajal.layer.Forward;
import org.cajal.layer.Layer;
import org.cajal.layer.Layers;
import org.cajal.layer.Parameters;
import org.cajal.layer.PiecewiseLinear;
import org.cajal.model.History;
import org.cajal.model.Model;
import org.cajal.model.ModelSpec;
import org.cajal.optim.Sgd;
import org.cajal.optim.Slots;
import org.cajal.tensor.Feed;
import org.cajal.tensor.Program;
import org.cajal.tensor.Tensor;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.junit.jupiter.api.Test;

/** Networks side by side that learn each by itself. */
class EnsembleTest {
  private static Layer members(int count) {
    return Layers.sequential(
        Layers.ensembleDense(count, 5, Initializer.glorotUniform()),
        Layers.tanh(),
        Layers.ensembleDense(count, 2, Initializer.glorotUniform()),
        Layers.ensembleMean());
  }

  private static TrainingSettings settings(double rate) {
    return TrainingSettings.builder()
        .seed(3)
        .epochs(4)
        .batchSize(20)
        .optimizer(new Sgd())
        .learningRate(rate)
        .build();
  }

  private static NDArray value(Map<String, NDArray> weights, String path) {
    return Objects.requireNonNull(weights.get(path), path);
  }

  /** By gradient descent a member of two moves as one alone at half the rate. */
  @Test
  void membersLearnByThemselves() {
    Dataset data = TrainerTest.moons(60);
    ModelSpec two = ModelSpec.of(members(2), data);
    TrainingResult together = new Trainer(two, settings(0.4)).train(data);
    Map<String, NDArray> start = Model.untrained(two, 3).weights();
    for (int member = 0; member < 2; member++) {
      Parameters own = Parameters.restored(DType.F32, one(start, member));
      ModelSpec alone = ModelSpec.of(members(1), data);
      NDArray learned = learned(alone, own, data, 0.2);
      NDArray first = value(together.model().weights(), "0/weight");
      for (int i = 0; i < learned.size(); i++) {
        assertThat(first.get(member * (int) learned.size() + i))
            .isCloseTo(learned.get(i), within(1e-5));
      }
    }
  }

  /** What one member begins with. */
  private static Map<String, NDArray> one(Map<String, NDArray> both, int member) {
    return Map.of(
        "0/weight", part(both, "0/weight", member, Shape.of(1, 2, 5)),
        "0/bias", part(both, "0/bias", member, Shape.of(5)),
        "2/weight", part(both, "2/weight", member, Shape.of(1, 5, 2)),
        "2/bias", part(both, "2/bias", member, Shape.of(2)));
  }

  private static NDArray part(Map<String, NDArray> all, String path, int member, Shape shape) {
    NDArray both = value(all, path);
    NDArray out = NDArray.zeros(both.dtype(), shape);
    for (int i = 0; i < shape.size(); i++) {
      out.set(i, both.get(member * (int) shape.size() + i));
    }
    return out;
  }

  private static NDArray learned(ModelSpec spec, Parameters own, Dataset data, double rate) {
    TrainingSettings settings = settings(rate);
    StepProgram step = StepProgram.compile(spec, settings, own, new Slots(), data, 20, 0);
    int number = 1;
    for (int epoch = 0; epoch < settings.epochs(); epoch++) {
      try (Batches batches = new Batches(data, spec.inputDtype(), null, settings, 1, epoch, 0)) {
        for (int i = 0; i < 3; i++) {
          step.run(batches.next(), rate, number++);
        }
      }
    }
    return value(own.values(), "0/weight");
  }

  @Test
  void theLossIsTheMeanOfTheMembersAndHitsAreOfTheirMean() {
    Dataset data = TrainerTest.moons(40);
    ModelSpec spec = ModelSpec.of(members(3), data);
    TrainingSettings settings =
        settings(0.1).toBuilder().batchSize(0).epochs(1).shuffle(false).build();
    TrainingResult result = new Trainer(spec, settings).train(data);
    Map<String, NDArray> start = Model.untrained(spec, 3).weights();
    double sum = 0;
    for (int member = 0; member < 3; member++) {
      ModelSpec alone = ModelSpec.of(members(1), data);
      sum += Model.of(alone, one(start, member), History.NONE, Map.of()).evaluate(data).loss();
    }
    assertThat(result.history().epochs().getFirst().loss()).isCloseTo(sum / 3, within(1e-5));
  }

  @Test
  void placesAreThoseBetweenTheEdges() {
    Layer layer =
        new PiecewiseLinear(List.of(2, 0), List.of(List.of(0.0, 1.0, 3.0), List.of(-1.0, 1.0)));
    Tensor x = Tensor.input("x", DType.F32, Shape.of(4, 3));
    Tensor y = Forward.evaluation(layer, new Parameters(DType.F32, 1), x).output();
    NDArray in = NDArray.of(new float[] {0, 9, 0.5f, -2, 9, 2, 5, 9, -1, 1, 9, 4}, Shape.of(4, 3));
    assertThat(Program.compile(List.of(y), List.of()).run(Feed.of("x", in)).get(y).toFloats())
        .containsExactly(0.5f, 0, 0.5f, 0, 1, 0.5f, -0.5f, 0, -1, 0, 3, 0, 1, 1.5f, 1, 0);
  }

  @Test
  void edgesMustRise() {
    assertThatThrownBy(() -> new PiecewiseLinear(List.of(0), List.of(List.of(1.0, 1.0))))
        .isInstanceOf(CajalException.class)
        .hasMessage(
            "[piecewise linear] the edges [1.0, 1.0] are not at least two rising, finite numbers");
    assertThatThrownBy(() -> new PiecewiseLinear(List.of(0, 1), List.of(List.of(1.0, 2.0))))
        .hasMessage(
            "[piecewise linear] there are 2 columns and edges for 1; one list of edges for each"
                + " column is needed");
  }
}
