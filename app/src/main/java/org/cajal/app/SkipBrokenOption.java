package org.cajal.app;

import picocli.CommandLine.Option;

/** The option that leaves out images which cannot be read. */
final class SkipBrokenOption {
  @Option(
      names = "--skip-broken",
      description = "Leave out images that cannot be read, with a note; else they are an error.")
  boolean skip;
}
