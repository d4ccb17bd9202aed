package org.cajal.app;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.cajal.model.Model;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cajal summary}: what is in a model file. */
@Command(
    name = "summary",
    description = "Prints the layers of a model with shapes, parameters, multiply-adds and memory.",
    mixinStandardHelpOptions = true)
final class SummaryCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description = "A model file that training has saved.")
  private Path model = Path.of("");

  @Override
  public Integer call() {
    Model loaded = Model.load(model);
    var out = spec.commandLine().getOut();
    out.print(loaded.summary());
    if (!loaded.labels().isEmpty()) {
      out.println(loaded.labels().size() + " classes: " + String.join(", ", loaded.labels()));
    }
    loaded.settings().forEach((name, value) -> out.println(name + ": " + value));
    out.println("weights SHA-256: " + loaded.sha256());
    return Main.OK;
  }
}
