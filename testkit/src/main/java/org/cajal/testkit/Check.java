package org.cajal.testkit;

/**
 * One named check of a contract.
 *
 * @param name what is checked, for reports
 * @param body throws an {@link AssertionError} if the check fails
 */
public record Check(String name, Runnable body) {
  /** Runs it. */
  public void run() {
    body.run();
  }
}
