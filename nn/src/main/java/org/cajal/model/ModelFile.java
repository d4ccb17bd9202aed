package org.cajal.model;

import java.lang.module.ModuleDescriptor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.cajal.data.ImageScaling;
import org.cajal.data.Preprocessing;
import org.cajal.data.Task;
import org.cajal.io.Json;
import org.cajal.io.JsonObject;
import org.cajal.io.Safetensors;
import org.cajal.layer.Layer;
import org.cajal.layer.Parameters;
import org.cajal.loss.Loss;
import org.cajal.op.Allowance;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * The file of a model: safetensors with each parameter under its path, and one JSON object under
 * {@code cajal} in the metadata. A checkpoint is such a file with further tensors under {@code
 * checkpoint/} and a JSON object under {@code checkpoint}.
 */
final class ModelFile {
  /** The version of what stands under {@code cajal}; readers refuse a higher one. */
  static final int FORMAT = 1;

  static final String EXTRA = "checkpoint/";

  /**
   * How many operations a graph may have however short the file's description of it is, and as many
   * more as an eighth of that text's length: thousands of layers stay far below.
   */
  private static final long OPERATIONS = 32_000;

  private static final String MODEL = "cajal";

  private ModelFile() {}

  /**
   * The library's version as the build gave it to the module; {@code development} on a class path.
   */
  static String libraryVersion() {
    ModuleDescriptor descriptor = ModelFile.class.getModule().getDescriptor();
    return descriptor == null ? "development" : descriptor.rawVersion().orElse("development");
  }

  static void write(
      Path file,
      Model model,
      Map<String, NDArray> extraTensors,
      Map<String, String> extraMetadata) {
    Map<String, NDArray> tensors = new LinkedHashMap<>(model.live());
    extraTensors.forEach((name, value) -> tensors.put(EXTRA + name, value));
    Map<String, String> metadata = new LinkedHashMap<>(extraMetadata);
    metadata.put(MODEL, Json.write(describe(model)));
    Safetensors.write(file, tensors, metadata);
  }

  private static Map<String, @Nullable Object> describe(Model model) {
    ModelSpec spec = model.spec();
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("format", FORMAT);
    map.put("version", model.version());
    map.put("dtype", spec.dtype().wireName());
    map.put("inputShape", spec.inputShape().dims());
    map.put("inputDtype", spec.inputDtype().wireName());
    map.put("task", spec.task().name().toLowerCase(Locale.ROOT));
    map.put("labels", spec.labels());
    map.put("featureNames", spec.featureNames());
    map.put("architecture", Architectures.encode(spec.architecture()));
    map.put("loss", Architectures.encode(spec.loss()));
    map.put("preprocessing", spec.preprocessing().map(Preprocessing::toMap).orElse(null));
    map.put("scaling", spec.scaling().map(ImageScaling::toMap).orElse(null));
    map.put("history", model.history().toMap());
    map.put("settings", model.settings());
    return map;
  }

  static Model read(Path file) {
    return model(file, Safetensors.read(file));
  }

  static Model model(Path file, Safetensors.Contents contents) {
    String text = contents.metadata().get(MODEL);
    if (text == null) {
      throw new CajalException(
          file
              + ": a safetensors file, but no model of Cajal: it has no \""
              + MODEL
              + "\" in its metadata");
    }
    JsonObject data = Json.parseObject(text, file.toString());
    int format = data.integer("format");
    String version = data.string("version");
    if (format != FORMAT) {
      throw new CajalException(
          file
              + ": written by Cajal "
              + version
              + " in model format "
              + format
              + "; this is Cajal "
              + libraryVersion()
              + ", which reads format "
              + FORMAT
              + (format > FORMAT ? "; use a newer Cajal" : ""));
    }
    Map<String, NDArray> tensors = new LinkedHashMap<>();
    contents
        .complete()
        .tensors()
        .forEach(
            (name, value) -> {
              if (!name.startsWith(EXTRA)) {
                tensors.put(name, value);
              }
            });
    return restored(file, version, data, text.length(), tensors);
  }

  private static Model restored(
      Path file, String version, JsonObject data, int textLength, Map<String, NDArray> tensors) {
    Layer architecture = Architectures.layer(data.object("architecture"));
    Loss loss = Architectures.loss(data.object("loss"));
    History history = History.from(data.object("history"));
    Map<String, String> settings = new LinkedHashMap<>();
    JsonObject saved = data.object("settings");
    saved.names().forEach(name -> settings.put(name, saved.string(name)));
    DType dtype = dtype(data, "dtype");
    DType inputDtype = dtype(data, "inputDtype");
    Task task = task(data);
    List<Integer> inputShape = data.integers("inputShape");
    List<String> labels = data.strings("labels");
    List<String> featureNames = data.strings("featureNames");
    Optional<JsonObject> preprocessing = data.optionalObject("preprocessing");
    Optional<JsonObject> scaling = data.optionalObject("scaling");
    try {
      ModelSpec spec =
          new ModelSpec(
              architecture,
              loss,
              dtype,
              new Shape(inputShape),
              inputDtype,
              task,
              labels,
              featureNames,
              preprocessing.map(p -> Preprocessing.fromMap(plain(p))),
              scaling.map(s -> ImageScaling.fromMap(plain(s))));
      Parameters parameters = Parameters.over(dtype, tensors);
      Model model =
          Allowance.within(
              OPERATIONS + textLength / 8,
              () -> new Model(spec, parameters, history, settings, version));
      List<String> unused = parameters.unused();
      if (!unused.isEmpty()) {
        throw new CajalException(
            "[parameters] the saved tensor \""
                + unused.getFirst()
                + "\" belongs to no layer"
                + (unused.size() == 1 ? "" : ", nor do " + (unused.size() - 1) + " more")
                + "; its weights belong to another architecture");
      }
      return model;
    } catch (CajalException e) {
      throw new CajalException(file + ": " + e.getMessage(), e);
    }
  }

  /** The fields of an object of which none is null. */
  private static Map<String, Object> plain(JsonObject object) {
    Map<String, Object> out = new LinkedHashMap<>();
    object
        .fields()
        .forEach(
            (name, value) -> {
              if (value != null) {
                out.put(name, value);
              }
            });
    return out;
  }

  private static DType dtype(JsonObject data, String field) {
    String name = data.string(field);
    for (DType type : DType.values()) {
      if (type.wireName().equals(name)) {
        return type;
      }
    }
    throw data.fieldError(field, "is \"" + name + "\"; allowed are f32, f64, i32");
  }

  private static Task task(JsonObject data) {
    String name = data.string("task");
    List<String> known = new ArrayList<>();
    for (Task task : Task.values()) {
      String wire = task.name().toLowerCase(Locale.ROOT);
      if (wire.equals(name)) {
        return task;
      }
      known.add(wire);
    }
    throw data.fieldError("task", "is \"" + name + "\"; allowed are " + String.join(", ", known));
  }
}
