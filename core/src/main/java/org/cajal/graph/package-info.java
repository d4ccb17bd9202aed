/**
 * Work on graphs as a whole: orders, rewriting, verification, printing. May use {@code op} and
 * {@code type}; never recurses, since networks are deep.
 */
package org.cajal.graph;
