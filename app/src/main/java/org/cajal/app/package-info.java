/**
 * The {@code cajal} command: one class for each subcommand, and what they share. May use {@code nn}
 * and picocli; this is the only package that writes to standard output, and it holds no
 * mathematics.
 */
package org.cajal.app;
