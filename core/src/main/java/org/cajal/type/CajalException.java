package org.cajal.type;

/**
 * The one exception for bad input: its message is one line in one grammar, "where: what was found,
 * what is allowed, how to fix". A message about an operation starts with its name in brackets,
 * {@code [matmul] ...}.
 */
public final class CajalException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** An error with its one-line message. */
  public CajalException(String message) {
    super(message);
  }

  /** An error with its one-line message and the exception that revealed it. */
  public CajalException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * An error found while a graph was being built: the message names the operation and ends with the
   * caller's source line, {@code [matmul] inner dimensions differ: [64, 784] × [512, 10] (built at
   * Main.java:31)}.
   */
  public static CajalException at(String operation, String message) {
    String place =
        StackWalker.getInstance()
            .walk(
                frames ->
                    frames
                        .filter(f -> isCaller(f.getClassName()))
                        .findFirst()
                        .map(f -> " (built at " + f.getFileName() + ":" + f.getLineNumber() + ")")
                        .orElse(""));
    return new CajalException("[" + operation + "] " + message + place);
  }

  /** Neither the library nor the JDK, which may have called back. */
  private static boolean isCaller(String className) {
    boolean jdk = className.startsWith("java.") || className.startsWith("jdk.");
    return !jdk && (!className.startsWith("org.cajal.") || className.contains("Test"));
  }
}
