/**
 * Running: kernels over buffers, the worker team, random bits, and the interpreter that defines
 * what every operation means. May use {@code type}, {@code op} and the loop IR; knows nothing of
 * gradients or fusion.
 */
package org.cajal.run;
