package org.cajal.bench.peers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cajal.app.bench.PredictionCall;
import org.cajal.app.bench.StepTimes;
import org.cajal.app.bench.Workload;
import org.cajal.io.Json;
import org.cajal.tensor.Threads;
import org.cajal.type.CajalException;

/**
 * Times other frameworks: {@code Main steps|predict ENGINE THREADS SECONDS WORKLOAD...} prints a
 * JSON object a line with the keys of {@code cajal bench steps}. A prediction is that of one row,
 * arrays in and arrays out, and Cajal's own takes turns with it in the same process.
 */
public final class Main {
  private Main() {}

  /** Runs. */
  public static void main(String... arguments) {
    try {
      List<String> words = List.of(arguments);
      if (words.size() < 5) {
        throw new CajalException(
            "[peers] wanted: steps|predict djl|dl4j|smile|onnxruntime THREADS SECONDS WORKLOAD...");
      }
      boolean training = words.get(0).equals("steps");
      int threads = Integer.parseInt(words.get(2));
      double seconds = Double.parseDouble(words.get(3));
      Threads.set(threads);
      Peer peer = peer(words.get(1), threads);
      for (String name : new ArrayList<>(words.subList(4, words.size()))) {
        try {
          Workload work = Workload.named(name);
          if (training) {
            Peer.Ready ready = peer.training(work);
            StepTimes times = StepTimes.measure(ready::run, System::nanoTime, seconds);
            print(peer.name(), ready, work.name(), threads, work.batch(), times);
          } else {
            Peer.Ready ready = peer.prediction(work);
            PredictionCall own = new PredictionCall(work, 1);
            List<StepTimes> times =
                StepTimes.measure(List.of(own::run, ready::run), System::nanoTime, seconds);
            print("cajal", ready, work.name(), threads, 1, times.getFirst());
            print(peer.name(), ready, work.name(), threads, 1, times.getLast());
          }
        } catch (CajalException e) {
          System.err.println(e.getMessage());
        }
      }
      System.exit(0); // frameworks leave threads behind
    } catch (CajalException e) {
      System.err.println(e.getMessage());
      System.exit(2);
    }
  }

  private static Peer peer(String name, int threads) {
    return switch (name) {
      case "djl" -> new Djl(threads);
      case "dl4j" -> new Deeplearning4j();
      case "smile" -> new Smile();
      case "onnxruntime" -> new OnnxRuntime(threads);
      default -> throw new CajalException("[peers] no engine \"" + name + "\"");
    };
  }

  private static void print(
      String engine,
      Peer.Ready ready,
      String workload,
      int threads,
      int batch,
      StepTimes times) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("workload", workload);
    line.put("engine", engine);
    line.put("threads", threads);
    line.put("params", ready.parameters());
    line.put("batch", batch);
    line.put("step_us_min", Math.round(times.minimum() * 100) / 100.0);
    line.put("step_us_median", Math.round(times.median() * 100) / 100.0);
    line.put("samples_per_s", Math.round(batch * 1e6 / times.median()));
    System.out.println(Json.write(line));
  }
}
