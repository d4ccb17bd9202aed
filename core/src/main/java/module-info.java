import org.jspecify.annotations.NullMarked;

/**
 * Tensors, operations, gradients, the compiler and the runtime, on the JDK alone. Users see tensors
 * and the vocabulary they are made of; how a graph becomes kernels is open to our own modules only.
 */
@NullMarked
@SuppressWarnings("module") // the modules named in qualified exports are compiled after this one
module org.cajal.core {
  requires jdk.incubator.vector;
  requires jdk.jfr;
  requires static transitive org.jspecify;

  exports org.cajal.grad;
  exports org.cajal.graph;
  exports org.cajal.op;
  exports org.cajal.tensor;
  exports org.cajal.type;
  exports org.cajal.run to
      org.cajal.app,
      org.cajal.testkit;
}
