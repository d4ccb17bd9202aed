/**
 * Benchmarks under JMH. What is measured lives in the command's package {@code bench}; here is only
 * the harness. May use {@code app}'s package {@code bench}, {@code nn} and core's exported
 * packages.
 */
package org.cajal.bench;
