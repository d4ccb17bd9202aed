package org.cajal.bench.peers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cajal.app.bench.StepTimes;
import org.cajal.app.bench.Workload;
import org.cajal.io.Json;
import org.cajal.type.CajalException;

/**
 * Times other frameworks: {@code Main steps|predict ENGINE THREADS SECONDS WORKLOAD...} prints a
 * JSON object a line with the keys of {@code cajal bench steps}. A prediction is that of one row,
 * arrays in and arrays out.
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
      Peer peer = peer(words.get(1), threads);
      for (String name : new ArrayList<>(words.subList(4, words.size()))) {
        try {
          Workload work = Workload.named(name);
          Peer.Ready ready = training ? peer.training(work) : peer.prediction(work);
          print(peer, ready, work.name(), threads, training ? work.batch() : 1, seconds);
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
      Peer peer, Peer.Ready ready, String workload, int threads, int batch, double seconds) {
    StepTimes times = StepTimes.measure(ready::run, System::nanoTime, seconds);
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("workload", workload);
    line.put("engine", peer.name());
    line.put("threads", threads);
    line.put("params", ready.parameters());
    line.put("batch", batch);
    line.put("step_us_min", Math.round(times.minimum() * 100) / 100.0);
    line.put("step_us_median", Math.round(times.median() * 100) / 100.0);
    line.put("samples_per_s", Math.round(batch * 1e6 / times.median()));
    System.out.println(Json.write(line));
  }
}
