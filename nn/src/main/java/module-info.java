import org.jspecify.annotations.NullMarked;

/** Layers, losses, optimisers, data, training and model files: the one module a user requires. */
@NullMarked
module org.cajal {
  requires transitive org.cajal.core;
  requires transitive java.desktop;
  requires java.net.http;
  requires tools.jackson.core;
  requires static transitive org.jspecify;

  exports org.cajal.data;
  exports org.cajal.init;
  exports org.cajal.io;
  exports org.cajal.layer;
  exports org.cajal.loss;
  exports org.cajal.metric;
  exports org.cajal.model;
  exports org.cajal.optim;
  exports org.cajal.report;
  exports org.cajal.train;
}
