/**
 * Golden values: files of reference results, how close a result must come to them, and the account
 * of what was compared. May use {@code org.cajal.type} and {@code org.cajal.io}; what is computed
 * comes in as functions.
 */
package org.cajal.testkit.golden;
