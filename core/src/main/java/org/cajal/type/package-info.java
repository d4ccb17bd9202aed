/**
 * Element types, shapes, host arrays and the grammar of errors: the vocabulary of every other room.
 * Nothing here knows of graphs or kernels; this package uses the JDK only.
 */
package org.cajal.type;
