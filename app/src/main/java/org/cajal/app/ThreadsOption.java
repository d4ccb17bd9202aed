package org.cajal.app;

import org.cajal.type.CajalException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option {@code --threads}. Results do not depend on it, only the time they take. */
final class ThreadsOption {
  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "Processors to use, 1 to all of this machine (default: all). Results do not depend on"
              + " it.")
  private @Nullable Integer threads;

  /**
   * Makes the number the size of the team that computes; to be called before the first computation
   * of the process.
   *
   * @return the number of threads
   * @throws CajalException if the machine has not that many processors, or the number is below 1
   */
  int use() {
    int processors = Runtime.getRuntime().availableProcessors();
    if (threads == null) {
      return processors;
    }
    if (threads < 1 || threads > processors) {
      throw new CajalException(
          "--threads "
              + threads
              + " is out of range; this machine has "
              + processors
              + " processors, 1 to "
              + processors
              + " are allowed");
    }
    System.setProperty("cajal.threads", Integer.toString(threads));
    System.setProperty(
        "java.util.concurrent.ForkJoinPool.common.parallelism",
        Integer.toString(Math.max(1, threads - 1)));
    return threads;
  }
}
