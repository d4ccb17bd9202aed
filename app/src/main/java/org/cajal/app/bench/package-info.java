/**
 * What is measured and with which watch: the step-time workloads (networks with data in memory),
 * the kernels' work, and the machine's own peak, for whose loop alone this package may use the
 * Vector API. May use {@code nn} and core's exported packages; writes nothing, and knows nothing of
 * the command line. The module {@code bench} measures the same.
 */
package org.cajal.app.bench;
