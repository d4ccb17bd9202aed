/**
 * Checks for users' own code: gradients against differences, and the contract that every primitive
 * operation keeps. May use core and nn; depends on no test framework, a failed check is an {@link
 * java.lang.AssertionError}.
 */
package org.cajal.testkit;
