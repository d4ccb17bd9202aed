package org.cajal.model;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.cajal.init.Initializer;
import org.cajal.io.Codec;
import org.cajal.io.JsonObject;
import org.cajal.layer.Layer;
import org.cajal.layer.LayerTypes;
import org.cajal.loss.Loss;
import org.cajal.loss.LossTypes;
import org.cajal.loss.MultiOutput;
import org.cajal.type.CajalException;
import org.jspecify.annotations.Nullable;

/**
 * The names of layers and losses in model files. A user's own layer is saved after {@link
 * #register}.
 */
public final class Architectures {
  private static final Map<String, Class<? extends Record>> OWN = new LinkedHashMap<>();
  private static volatile Codec layers = layerCodec();
  private static final Codec LOSSES = lossCodec();

  private Architectures() {}

  private static Codec layerCodec() {
    Codec codec = new Codec("layer");
    LayerTypes.byName().forEach(codec::register);
    for (Class<?> type : Initializer.class.getPermittedSubclasses()) {
      String name = type.getSimpleName();
      codec.register(
          name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1),
          type.asSubclass(Record.class));
    }
    OWN.forEach(codec::register);
    return codec;
  }

  private static Codec lossCodec() {
    Codec codec = new Codec("loss");
    LossTypes.byName().forEach(codec::register);
    codec.register("multiOutputPart", MultiOutput.Part.class);
    return codec;
  }

  /**
   * Lets models with a layer of the user's own be saved and loaded. Call it before either, in each
   * program.
   *
   * @param name what files call it; a text that no other layer has
   * @param type a public record that implements {@link Layer}
   * @throws IllegalArgumentException if name or type are in use, or a component has no form in a
   *     file
   */
  public static synchronized <L extends Record & Layer> void register(String name, Class<L> type) {
    OWN.put(name, type);
    try {
      layers = layerCodec();
    } catch (IllegalArgumentException e) {
      OWN.remove(name, type);
      throw e;
    }
  }

  /**
   * A layer as plain data for JSON.
   *
   * @throws CajalException if a layer in it is no record or has no name in files
   */
  public static Map<String, @Nullable Object> encode(Layer layer) {
    return layers.encode(record("layer", layer));
  }

  /** Whether a layer has a name in files. */
  static boolean isRegistered(Layer layer) {
    return layers.isRegistered(layer.getClass());
  }

  /** A loss as plain data for JSON. */
  static Map<String, @Nullable Object> encode(Loss loss) {
    return LOSSES.encode(record("loss", loss));
  }

  private static Record record(String family, Object value) {
    if (value instanceof Record record) {
      return record;
    }
    throw new CajalException(
        "["
            + family
            + "] a "
            + value.getClass().getSimpleName()
            + " is no record and cannot be saved; write it as a record");
  }

  /**
   * The layer that plain data describes.
   *
   * @throws CajalException if it is not exactly what {@link #encode(Layer)} gives
   */
  public static Layer layer(JsonObject data) {
    return layers.decode(data, Layer.class);
  }

  static Loss loss(JsonObject data) {
    return LOSSES.decode(data, Loss.class);
  }
}
