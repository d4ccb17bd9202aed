package org.cajal.layer;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cajal.loss.Loss;
import org.cajal.loss.LossTypes;
import org.cajal.optim.Clipping;
import org.cajal.optim.Optimizer;
import org.cajal.optim.OptimizerTypes;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every layer, loss and optimiser can be named in a file. */
class RecordTypesTest {
  @TestFactory
  Stream<DynamicTest> everyRecordHasAName() {
    return Stream.of(Layer.class, Loss.class, Optimizer.class, Clipping.class)
        .map(
            kind ->
                DynamicTest.dynamicTest(
                    kind.getSimpleName(), () -> assertThat(named()).containsAll(compiled(kind))));
  }

  private static Set<Class<?>> named() {
    return Stream.of(LayerTypes.byName(), LossTypes.byName(), OptimizerTypes.byName())
        .flatMap(types -> types.values().stream())
        .collect(Collectors.toSet());
  }

  /** The records of a kind in its package, from the folder of compiled classes. */
  private static List<Class<?>> compiled(Class<?> kind) throws Exception {
    List<Class<?>> out = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder(kind), "*.class")) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        Class<?> type =
            Class.forName(kind.getPackageName() + "." + name.substring(0, name.length() - 6));
        if (type.isRecord() && kind.isAssignableFrom(type)) {
          out.add(type);
        }
      }
    }
    assertThat(out).isNotEmpty();
    return out;
  }

  private static Path folder(Class<?> kind) throws URISyntaxException {
    URL url = Objects.requireNonNull(kind.getResource(kind.getSimpleName() + ".class"));
    return Objects.requireNonNull(Path.of(url.toURI()).getParent());
  }
}
