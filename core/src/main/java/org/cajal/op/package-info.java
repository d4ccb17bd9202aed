/**
 * The primitive operations and the graph's one node type. An operation is a record in a file of its
 * own that states its type and shape rule, its meaning and its gradient. May use {@code type} only;
 * what runs an operation lives in {@code run}.
 */
package org.cajal.op;
