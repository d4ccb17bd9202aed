package org.cajal.data;

/** A set of 64-bit hashes in one array, by open addressing. */
final class HashedSet {
  private long[] slots = new long[64];
  private int size;
  private boolean zero;

  /** Adds a hash; whether it was new. */
  boolean add(long hash) {
    if (hash == 0) {
      boolean fresh = !zero;
      zero = true;
      return fresh;
    }
    if (size * 2 >= slots.length) {
      grow();
    }
    int at = find(hash);
    if (slots[at] == hash) {
      return false;
    }
    slots[at] = hash;
    size++;
    return true;
  }

  boolean contains(long hash) {
    return hash == 0 ? zero : slots[find(hash)] == hash;
  }

  int size() {
    return size + (zero ? 1 : 0);
  }

  private int find(long hash) {
    int mask = slots.length - 1;
    int at = (int) (hash ^ (hash >>> 32)) & mask;
    while (slots[at] != 0 && slots[at] != hash) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private void grow() {
    long[] old = slots;
    slots = new long[old.length * 2];
    for (long hash : old) {
      if (hash != 0) {
        slots[find(hash)] = hash;
      }
    }
  }
}
