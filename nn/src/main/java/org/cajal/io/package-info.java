/**
 * Files and JSON: the safetensors format, atomic writing, checksums, and records to JSON and back
 * without class names. May use {@code org.cajal.type}, the JDK and jackson-core; knows nothing of
 * layers or models, which register their records here.
 */
package org.cajal.io;
