import org.jspecify.annotations.NullMarked;

/** The {@code cajal} command. */
@NullMarked
@SuppressWarnings("module") // the module named in the qualified export is compiled after this one
module org.cajal.app {
  requires info.picocli;
  requires jdk.incubator.vector;
  requires org.cajal;
  requires static transitive org.jspecify;

  exports org.cajal.app.bench to
      org.cajal.bench;

  // picocli fills annotated fields by reflection
  opens org.cajal.app to
      info.picocli;
}
