import org.jspecify.annotations.NullMarked;

/** The kernels' work under JMH; not published. */
@NullMarked
@SuppressWarnings("requires-automatic") // JMH has no descriptor
module org.cajal.bench {
  requires jmh.core;
  requires org.cajal.app;
  requires org.cajal;
  requires static transitive org.jspecify;
}
