/**
 * From the loop IR to bytecode: each distinct nest becomes one hidden class of Vector API calls, or
 * of scalar code where vectors are missing. May use {@code type}, {@code op}, the loop IR and
 * {@code run}'s kernel interface; with {@code run.simd} it is the only room that touches the Vector
 * API, and the only one that touches {@code java.lang.classfile}.
 */
package org.cajal.emit;
