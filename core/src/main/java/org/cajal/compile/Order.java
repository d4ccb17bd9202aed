package org.cajal.compile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The order in which a run does its items: the one given, but an item that frees as much memory as
 * it takes comes as soon as what it needs is there. So the gradient of a weight is computed while
 * its operands are still in cache, and the weight is updated once nobody needs its old value.
 */
final class Order {
  /**
   * What an item does to memory.
   *
   * @param touches the buffers that it reads or writes
   * @param writes those of them that it writes
   */
  record Use(List<Home> touches, Set<Home> writes) {}

  private record Access(int item, boolean writes) {}

  private final List<Set<Home.Slab>> slabs = new ArrayList<>();

  /** How many items before it an item waits for. */
  private final int[] waits;

  /** The items that wait for one. */
  private final List<List<Integer>> followers = new ArrayList<>();

  /** How many items that are still to be done touch a buffer; one more if it must be kept. */
  private final Map<Home.Slab, Integer> readers = new HashMap<>();

  private final Set<Home.Slab> begun = new HashSet<>();

  private Order(List<Use> uses, List<Home> kept) {
    waits = new int[uses.size()];
    Map<Home, List<Access>> exactly = new HashMap<>();
    Map<Home, List<Access>> within = new HashMap<>();
    for (int item = 0; item < uses.size(); item++) {
      Set<Home.Slab> touched = new HashSet<>();
      Set<Integer> before = new HashSet<>();
      for (Home home : uses.get(item).touches()) {
        Access access = new Access(item, uses.get(item).writes().contains(home));
        conflicts(access, within.get(home), before);
        exactly.computeIfAbsent(home, key -> new ArrayList<>()).add(access);
        Home at = home;
        while (true) {
          within.computeIfAbsent(at, key -> new ArrayList<>()).add(access);
          if (!(at instanceof Home.Part part)) {
            break;
          }
          at = part.whole();
          conflicts(access, exactly.get(at), before);
        }
        if (at instanceof Home.Slab slab) {
          touched.add(slab);
        }
      }
      slabs.add(touched);
      touched.forEach(slab -> readers.merge(slab, 1, Integer::sum));
      followers.add(new ArrayList<>());
      for (int other : before) {
        followers.get(other).add(item);
      }
      waits[item] = before.size();
    }
    for (Home home : kept) {
      Home at = home;
      while (at instanceof Home.Part part) {
        at = part.whole();
      }
      if (at instanceof Home.Slab slab) {
        readers.merge(slab, 1, Integer::sum);
      }
    }
  }

  private static void conflicts(Access access, @Nullable List<Access> others, Set<Integer> before) {
    if (others != null) {
      for (Access other : others) {
        if (other.item != access.item && (other.writes || access.writes)) {
          before.add(other.item);
        }
      }
    }
  }

  /**
   * The order of items that are given in one that works.
   *
   * @param kept buffers that are needed after the last item
   * @return numbers of items
   */
  static List<Integer> of(List<Use> uses, List<Home> kept) {
    return new Order(uses, kept).order();
  }

  private List<Integer> order() {
    TreeSet<Integer> ready = new TreeSet<>();
    for (int item = 0; item < waits.length; item++) {
      if (waits[item] == 0) {
        ready.add(item);
      }
    }
    List<Integer> order = new ArrayList<>();
    while (!ready.isEmpty()) {
      int next = ready.stream().filter(this::frees).findFirst().orElseGet(ready::first);
      ready.remove(next);
      order.add(next);
      for (Home.Slab slab : slabs.get(next)) {
        begun.add(slab);
        readers.merge(slab, -1, Integer::sum);
      }
      for (int follower : followers.get(next)) {
        if (--waits[follower] == 0) {
          ready.add(follower);
        }
      }
    }
    return order;
  }

  /** Whether an item frees as much memory as it takes. */
  private boolean frees(int item) {
    long taken = 0;
    for (Home.Slab slab : slabs.get(item)) {
      taken += begun.contains(slab) ? 0 : slab.bytes;
      taken -= readers.getOrDefault(slab, 0) == 1 ? slab.bytes : 0;
    }
    return taken <= 0;
  }
}
