import org.jspecify.annotations.NullMarked;

/** The {@code cajal} command. */
@NullMarked
module org.cajal.app {
  requires info.picocli;
  requires org.cajal;
  requires static transitive org.jspecify;

  // picocli fills annotated fields by reflection
  opens org.cajal.app to
      info.picocli;
}
