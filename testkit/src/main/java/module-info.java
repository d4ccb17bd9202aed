import org.jspecify.annotations.NullMarked;

/** Checks that users run on their own layers: gradients, contracts and seeded generators. */
@NullMarked
module org.cajal.testkit {
  requires transitive org.cajal;
  requires static transitive org.jspecify;

  exports org.cajal.testkit;
  exports org.cajal.testkit.golden;
}
