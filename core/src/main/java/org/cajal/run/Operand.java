package org.cajal.run;

/**
 * Where a kernel finds a buffer.
 *
 * @param buffer index into the run's table of memory segments
 * @param offset in bytes from the start of that segment
 */
public record Operand(int buffer, long offset) {}
