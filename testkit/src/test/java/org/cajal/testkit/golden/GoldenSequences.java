package org.cajal.testkit.golden;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import org.cajal.init.Initializer;
import org.cajal.io.JsonObject;
import org.cajal.layer.Attention;
import org.cajal.layer.Dense;
import org.cajal.layer.Forward;
import org.cajal.layer.Layer;
import org.cajal.layer.LayerNormalization;
import org.cajal.layer.Layers;
import org.cajal.layer.Mode;
import org.cajal.layer.MultiHeadAttention;
import org.cajal.layer.Parameters;
import org.cajal.layer.RecurrentCell;
import org.cajal.layer.Scope;
import org.cajal.layer.TransformerBlock;
import org.cajal.tensor.Tensor;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.jspecify.annotations.Nullable;

/** Recurrent and attention layers by the inputs and arguments of golden cases. */
final class GoldenSequences {
  private GoldenSequences() {}

  /** Registers the functions of all operations on sequences. */
  static void register(GoldenMapping mapping, DType dtype) {
    Map<String, BiFunction<GoldenGraph.Inputs, JsonObject, Map<String, Tensor>>> graphs =
        Map.of(
            "rnn", GoldenSequences::recurrent,
            "rnn_cell", GoldenSequences::step,
            "mha", GoldenSequences::attention,
            "transformer_encoder_layer", GoldenSequences::encoder,
            "transformer_decoder_layer", GoldenSequences::decoder);
    graphs.forEach(
        (op, graph) ->
            mapping.on(
                op,
                golden ->
                    GoldenGraph.evaluate(golden, dtype, in -> graph.apply(in, golden.args()))));
  }

  private static RecurrentCell cell(JsonObject args) {
    String mode = args.string("mode").toUpperCase(Locale.ROOT);
    return RecurrentCell.valueOf(mode.startsWith("RNN_") ? mode.substring(4) : mode);
  }

  private static RecurrentCell.Weights weights(GoldenGraph.Inputs in, String suffix) {
    return new RecurrentCell.Weights(
        in.get("weight_ih" + suffix).transpose(),
        in.get("weight_hh" + suffix).transpose(),
        in.optional("bias_ih" + suffix),
        in.optional("bias_hh" + suffix));
  }

  private static Map<String, Tensor> recurrent(GoldenGraph.Inputs in, JsonObject args) {
    RecurrentCell cell = cell(args);
    boolean batchFirst = args.bool("batch_first");
    Tensor steps = batchFirst ? in.get("x").transpose(1, 0, 2) : in.get("x");
    List<Tensor> hidden = new ArrayList<>();
    List<Tensor> carried = new ArrayList<>();
    for (int l = 0; l < args.integer("num_layers"); l++) {
      List<Tensor> outputs = new ArrayList<>();
      for (int d = 0; d < (args.bool("bidirectional") ? 2 : 1); d++) {
        List<Tensor> initial = new ArrayList<>();
        if (in.has("h0")) {
          initial.add(in.get("h0").select(0, hidden.size()));
        }
        if (in.has("c0")) {
          initial.add(in.get("c0").select(0, hidden.size()));
        }
        RecurrentCell.Outcome outcome =
            cell.run(steps, initial, weights(in, "_l" + l + (d == 0 ? "" : "_reverse")), d == 1);
        outputs.add(outcome.outputs());
        hidden.add(outcome.last().getFirst());
        carried.add(outcome.last().getLast());
      }
      steps = Tensor.concatenate(2, outputs);
    }
    Map<String, Tensor> out = new LinkedHashMap<>();
    out.put("out", batchFirst ? steps.transpose(1, 0, 2) : steps);
    out.put("hn", Tensor.stack(0, hidden));
    if (cell == RecurrentCell.LSTM) {
      out.put("cn", Tensor.stack(0, carried));
    }
    return out;
  }

  private static Map<String, Tensor> step(GoldenGraph.Inputs in, JsonObject args) {
    RecurrentCell cell = cell(args);
    List<Tensor> state =
        cell == RecurrentCell.LSTM ? List.of(in.get("h"), in.get("c")) : List.of(in.get("h"));
    List<Tensor> next = cell.step(in.get("x"), state, weights(in, ""));
    return cell == RecurrentCell.LSTM
        ? Map.of("out", next.get(0), "c_out", next.get(1))
        : Map.of("out", next.get(0));
  }

  /** Where a step of the query may see a step of the key, [B, 1, L, S]; null for everywhere. */
  private static @Nullable Tensor allowed(GoldenGraph.Inputs in, String pairs) {
    Tensor ofPairs = in.has(pairs) ? in.get(pairs).equalTo(1) : null;
    if (!in.has("key_allowed")) {
      return ofPairs;
    }
    Tensor ofKeys = in.get("key_allowed").equalTo(1).expandDims(1).expandDims(1);
    return ofPairs == null ? ofKeys : Tensor.where(ofPairs, ofKeys, ofPairs);
  }

  private static Map<String, Tensor> attention(GoldenGraph.Inputs in, JsonObject args) {
    Tensor query = in.get("query");
    Tensor[] sides = {
      query, in.has("key") ? in.get("key") : query, in.has("value") ? in.get("value") : query
    };
    int size = args.integer("embed_dim");
    int heads = args.integer("num_heads");
    String[] apart = {"q_proj_weight", "k_proj_weight", "v_proj_weight"};
    Tensor[] projected = new Tensor[3];
    for (int i = 0; i < 3; i++) {
      Tensor weight =
          in.has(apart[i])
              ? in.get(apart[i])
              : in.get("in_proj_weight").slice(0, i * size, (i + 1) * size);
      Tensor y = sides[i].matmul(weight.transpose());
      if (args.bool("bias")) {
        y = y.plus(in.get("in_proj_bias").slice(0, i * size, (i + 1) * size));
      }
      projected[i] = Attention.splitHeads(y, heads);
    }
    double scale = 1 / Math.sqrt((double) size / heads);
    Tensor seen =
        Attention.weights(
            projected[0], projected[1], allowed(in, "attn_allowed"), null, false, scale);
    Tensor out =
        Attention.joinHeads(seen.matmul(projected[2]))
            .matmul(in.get("out_proj.weight").transpose());
    return Map.of(
        "out", args.bool("bias") ? out.plus(in.get("out_proj.bias")) : out, "attn", seen.mean(1));
  }

  private static TransformerBlock block(JsonObject args) {
    return Layers.transformerBlock(
            Layers.multiHeadAttention(args.integer("nhead")), args.integer("dim_feedforward"))
        .withActivation(args.string("activation").equals("relu") ? Layers.relu() : Layers.gelu())
        .withNormFirst(args.bool("norm_first"));
  }

  private static final Map<String, String> ENCODER =
      Map.of(
          "attention/weight", "self_attn.in_proj_weight",
          "attention/bias", "self_attn.in_proj_bias",
          "attention/output", "self_attn.out_proj",
          "expand", "linear1",
          "contract", "linear2",
          "norm1", "norm1",
          "norm2", "norm2");

  private static final Map<String, String> DECODER =
      Map.of(
          "self/weight", "self_attn.in_proj_weight",
          "self/bias", "self_attn.in_proj_bias",
          "self/output", "self_attn.out_proj",
          "cross/weight", "multihead_attn.in_proj_weight",
          "cross/bias", "multihead_attn.in_proj_bias",
          "cross/output", "multihead_attn.out_proj",
          "expand", "linear1",
          "contract", "linear2");

  private static Map<String, Tensor> encoder(GoldenGraph.Inputs in, JsonObject args) {
    Tensor allowed = allowed(in, "attn_allowed");
    return applied(in, "src", ENCODER, (x, scope) -> block(args).apply(x, allowed, scope));
  }

  /** A layer over two sequences, made of those over one. */
  private static Map<String, Tensor> decoder(GoldenGraph.Inputs in, JsonObject args) {
    Map<String, String> names = new LinkedHashMap<>(DECODER);
    for (int i = 1; i <= 3; i++) {
      names.put("norm" + i, "norm" + i);
    }
    MultiHeadAttention attention = Layers.multiHeadAttention(args.integer("nhead"));
    Tensor allowed = allowed(in, "tgt_allowed");
    Tensor memory = in.get("memory");
    Layer mlp =
        (x, scope) -> {
          Tensor y = scope.apply("expand", dense(args.integer("dim_feedforward")), x);
          y = args.string("activation").equals("relu") ? y.relu() : Layers.gelu().apply(y, scope);
          return scope.apply("contract", dense(args.integer("d_model")), y);
        };
    List<Layer> parts =
        List.of(
            (x, scope) -> attention.apply(x, x, allowed, scope.at("self")),
            (x, scope) -> attention.apply(x, memory, null, scope.at("cross")),
            mlp);
    boolean first = args.bool("norm_first");
    Layer decoder =
        (tgt, scope) -> {
          Tensor x = tgt;
          for (int i = 0; i < 3; i++) {
            String norm = "norm" + (i + 1);
            Tensor y = parts.get(i).apply(first ? norm(norm, x, scope) : x, scope);
            x = first ? x.plus(y) : norm(norm, x.plus(y), scope);
          }
          return x;
        };
    return applied(in, "tgt", names, decoder);
  }

  private static Tensor norm(String name, Tensor x, Scope scope) {
    return scope.apply(name, new LayerNormalization(1, 1e-5, true), x);
  }

  private static Dense dense(int units) {
    return Layers.dense(units, Initializer.zeros());
  }

  /**
   * A layer whose parameters have the values of inputs.
   *
   * @param names by path, without "weight" and "bias" where there are both
   */
  private static Map<String, Tensor> applied(
      GoldenGraph.Inputs in, String input, Map<String, String> names, Layer layer) {
    Map<String, String> goldenOfPath = new LinkedHashMap<>();
    names.forEach(
        (path, name) -> {
          if (in.has(name)) {
            goldenOfPath.put(path, name);
          } else {
            goldenOfPath.put(path + "/weight", name + ".weight");
            goldenOfPath.put(path + "/bias", name + ".bias");
          }
        });
    Map<String, NDArray> values = new LinkedHashMap<>();
    goldenOfPath.forEach(
        (path, name) ->
            values.put(
                path,
                in.array(name).shape().rank() == 2
                    ? Tensor.constant(in.array(name)).transpose().eval()
                    : in.array(name)));
    Parameters parameters = Parameters.restored(in.dtype(), values);
    Tensor out = Forward.of(layer, parameters, in.get(input), Mode.TRAINING, null).output();
    goldenOfPath.forEach(
        (path, name) -> {
          Tensor parameter = Tensor.of(parameters.get(path));
          if (parameter.rank() == 2) {
            in.standTransposed(name, parameter);
          } else {
            in.stand(name, parameter);
          }
        });
    return Map.of("out", out);
  }
}
