package org.cajal.type;

/**
 * The one exception for bad input: its message is one line in one grammar, "where: what was found,
 * what is allowed, how to fix". A message about an operation starts with its name in brackets,
 * {@code [matmul] ...}. What stands in it may come from outside, such as the names of columns:
 * control characters are shown as {@code ?}, and of a long message the middle is left out.
 */
public final class CajalException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final int LONGEST = 2000;
  private static final char LINE_SEPARATOR = '\u2028';
  private static final char PARAGRAPH_SEPARATOR = '\u2029';

  /** An error with its one-line message. */
  public CajalException(String message) {
    super(line(message));
  }

  /** An error with its one-line message and the exception that revealed it. */
  public CajalException(String message, Throwable cause) {
    super(line(message), cause);
  }

  /** The text on one line of at most {@link #LONGEST} characters. */
  private static String line(String message) {
    int length = message.length();
    String text =
        length <= LONGEST
            ? message
            : message.substring(0, LONGEST / 2) + " … " + message.substring(length - LONGEST / 2);
    StringBuilder out = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c) || c == LINE_SEPARATOR || c == PARAGRAPH_SEPARATOR) {
        out = out == null ? new StringBuilder(text) : out;
        out.setCharAt(i, '?');
      }
    }
    return out == null ? text : out.toString();
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
