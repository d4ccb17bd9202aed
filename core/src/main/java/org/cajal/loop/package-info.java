/**
 * The tiny loop IR between compiler and backends: nests of loops over strided buffers, as values.
 * May use {@code type}, {@code op} (the meaning of elementwise operations and reductions) and
 * {@code run.Operand}; knows nothing of graphs.
 */
package org.cajal.loop;
