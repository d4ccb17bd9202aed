package org.cajal.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cajal.io.Json;
import org.cajal.io.JsonObject;
import org.cajal.io.Safetensors;
import org.cajal.model.Architectures;
import org.cajal.model.History;
import org.cajal.model.Model;
import org.cajal.model.ModelSpec;
import org.cajal.optim.ReduceOnPlateau;
import org.cajal.type.CajalException;
import org.cajal.type.NDArray;

/**
 * Where a training stands, so exactly that one that goes on from here ends with the same bits as
 * one that never stopped. Its file is a model's (the weights of the last step) with what is needed
 * beyond; {@link Model#load} reads it too.
 *
 * @param model the weights of the last step, with the history so far
 * @param slots what the optimiser remembers, by name
 * @param bestWeights of the best epoch so far, by path; empty before the first or where they are
 *     not kept
 * @param position where the training stands
 * @param data of the rows it trains and validates on; absent in files of versions that did not keep
 *     it
 */
public record Checkpoint(
    Model model,
    Map<String, NDArray> slots,
    Map<String, NDArray> bestWeights,
    Position position,
    Optional<Fingerprint> data) {
  private static final String NAME = "checkpoint";
  private static final String SLOT = "slot/";
  private static final String BEST = "best/";

  /**
   * All counts and sums of a training.
   *
   * @param epoch the epoch in progress, from 0
   * @param batch the next batch in it, from 0
   * @param step how many steps were made
   * @param rows the training rows
   * @param lossSum of the epoch's answers so far, each with its weight
   * @param weightSum of these weights
   * @param hits the weights of the right answers of the epoch so far
   * @param bestEpoch from 1; 0 before the first
   * @param bestLoss what was watched at the best epoch
   * @param bestAccuracy likewise, where that is watched
   * @param withoutImprovement epochs in a row
   * @param plateau where the reduction on plateaus stands, if there is one
   */
  public record Position(
      int epoch,
      int batch,
      long step,
      int rows,
      double lossSum,
      double weightSum,
      double hits,
      int bestEpoch,
      double bestLoss,
      double bestAccuracy,
      int withoutImprovement,
      Optional<ReduceOnPlateau.State> plateau) {
    static Position start(int rows, LearningRate rate) {
      return new Position(
          0,
          0,
          0,
          rows,
          0,
          0,
          0,
          0,
          Double.POSITIVE_INFINITY,
          Double.NEGATIVE_INFINITY,
          0,
          rate instanceof LearningRate.OnPlateau p
              ? Optional.of(p.rule().start())
              : Optional.empty());
    }
  }

  /** Fixes the maps. */
  public Checkpoint {
    slots = Map.copyOf(slots);
    bestWeights = Map.copyOf(bestWeights);
  }

  /** How many steps were made. */
  public long step() {
    return position.step();
  }

  /**
   * Writes the file, whole or not at all.
   *
   * @throws CajalException if it cannot be written
   */
  public void save(Path file) {
    Map<String, NDArray> tensors = new LinkedHashMap<>();
    slots.forEach((name, value) -> tensors.put(SLOT + name, value));
    bestWeights.forEach((name, value) -> tensors.put(BEST + name, value));
    Map<String, Object> map = new LinkedHashMap<>();
    Position p = position;
    map.put("epoch", p.epoch);
    map.put("batch", p.batch);
    map.put("step", p.step);
    map.put("rows", p.rows);
    map.put("lossSum", p.lossSum);
    map.put("weightSum", p.weightSum);
    map.put("hits", p.hits);
    map.put("bestEpoch", p.bestEpoch);
    map.put("bestLoss", p.bestLoss);
    map.put("bestAccuracy", p.bestAccuracy);
    map.put("withoutImprovement", p.withoutImprovement);
    p.plateau.ifPresent(
        s ->
            map.put(
                "plateau", List.of(s.rate(), s.best(), s.withoutImprovement(), s.coolingDown())));
    data.ifPresent(
        d -> {
          map.put("trainingData", d.training());
          map.put("validationData", d.validation());
        });
    model.save(file, tensors, Map.of(NAME, Json.write(map)));
  }

  /**
   * Reads a checkpoint.
   *
   * @throws CajalException if the file is not one, or is broken; see {@link Model#load}
   */
  public static Checkpoint load(Path file) {
    Safetensors.Contents contents = Safetensors.read(file);
    String text = contents.metadata().get(NAME);
    if (text == null) {
      throw new CajalException(
          file
              + ": no checkpoint: training can be resumed from the file last.safetensors of a"
              + " training's folder only");
    }
    Model model = Model.load(file, contents);
    JsonObject fields = Json.parseObject(text, file.toString());
    Map<String, NDArray> slots = new LinkedHashMap<>();
    Map<String, NDArray> best = new LinkedHashMap<>();
    contents
        .tensors()
        .forEach(
            (name, value) -> {
              if (name.startsWith(Model.extraPrefix() + SLOT)) {
                slots.put(name.substring(Model.extraPrefix().length() + SLOT.length()), value);
              } else if (name.startsWith(Model.extraPrefix() + BEST)) {
                best.put(name.substring(Model.extraPrefix().length() + BEST.length()), value);
              }
            });
    Optional<ReduceOnPlateau.State> plateau = Optional.empty();
    if (fields.has("plateau")) {
      List<Double> s = fields.numbers("plateau");
      if (s.size() != 4) {
        throw fields.fieldError("plateau", "has " + s.size() + " numbers; 4 are expected");
      }
      plateau =
          Optional.of(
              new ReduceOnPlateau.State(
                  s.get(0), s.get(1), s.get(2).intValue(), s.get(3).intValue()));
    }
    Position position =
        new Position(
            fields.integer("epoch"),
            fields.integer("batch"),
            fields.longInteger("step"),
            fields.integer("rows"),
            fields.number("lossSum"),
            fields.number("weightSum"),
            fields.number("hits"),
            fields.integer("bestEpoch"),
            fields.number("bestLoss"),
            fields.number("bestAccuracy"),
            fields.integer("withoutImprovement"),
            plateau);
    Optional<Fingerprint> rows =
        fields.has("trainingData")
            ? Optional.of(
                new Fingerprint(fields.string("trainingData"), fields.string("validationData")))
            : Optional.empty();
    return new Checkpoint(model, slots, best, position, rows);
  }

  /**
   * Refuses to go on with another network, other settings or other rows; only the number of epochs
   * may differ.
   *
   * @throws CajalException naming the first difference
   */
  void requireSame(ModelSpec spec, TrainingSettings settings, int rows, Fingerprint now) {
    if (rows != position.rows) {
      throw new CajalException(
          "[resume] the checkpoint was made with "
              + position.rows
              + " training rows, now there are "
              + rows
              + "; give the same data and the same validation share");
    }
    Map<String, String> asked = settings.describe();
    Map<String, String> then = model.settings();
    List<String> names = new ArrayList<>(then.keySet());
    asked.keySet().stream().filter(n -> !names.contains(n)).forEach(names::add);
    for (String name : names) {
      String a = then.getOrDefault(name, "none");
      String b = asked.getOrDefault(name, "none");
      if (!name.equals("epochs") && !a.equals(b)) {
        throw new CajalException(
            "[resume] the checkpoint was made with "
                + name
                + " "
                + a
                + ", now it is "
                + b
                + "; only the number of epochs may change");
      }
    }
    data.ifPresent(
        kept -> {
          requireSame("training", kept.training(), now.training());
          requireSame("validation", kept.validation(), now.validation());
        });
    if (!Architectures.encode(spec.architecture())
        .equals(Architectures.encode(model.spec().architecture()))) {
      throw new CajalException(
          "[resume] the checkpoint belongs to another network; give the one that it was made with");
    }
    if (settings.epochs() < position.epoch
        || (settings.epochs() == position.epoch && position.batch > 0)) {
      throw new CajalException(
          "[resume] the checkpoint has "
              + position.epoch
              + " epochs already, "
              + settings.epochs()
              + " were asked for; ask for more");
    }
  }

  private static void requireSame(String part, String then, String now) {
    if (!then.equals(now)) {
      throw new CajalException(
          "[resume] the "
              + part
              + " rows are not those that the checkpoint was made with: inputs, targets, classes or"
              + " weights differ; give the data as it was, or begin a new training");
    }
  }

  /** The history so far. */
  History history() {
    return model.history();
  }
}
