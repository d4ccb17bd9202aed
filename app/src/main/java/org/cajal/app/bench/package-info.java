/**
 * The step-time workloads: networks with data in memory, and the watch that times their training
 * steps. May use {@code nn} and core's exported packages; writes nothing, and knows nothing of the
 * command line.
 */
package org.cajal.app.bench;
