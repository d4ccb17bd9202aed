/**
 * Other frameworks of the JVM on the workloads of {@code cajal bench steps} and on prediction: each
 * reads the network from the workload's layers, so that there is no second list of networks. One
 * class a framework; may use the command's package {@code bench} and {@code nn}.
 */
@NullMarked
package org.cajal.bench.peers;

import org.jspecify.annotations.NullMarked;
