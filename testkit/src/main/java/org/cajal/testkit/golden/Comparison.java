package org.cajal.testkit.golden;

/**
 * The outcome of comparing two arrays.
 *
 * @param passed whether every compared entry is within its limit
 * @param worst the largest deviation in units of its entry's limit: at most 1 where the comparison
 *     passed; infinite where shapes differ or an entry is NaN or infinite on one side only
 * @param compared how many entries were compared
 * @param description the worst entry, or what differs in shape, in one line
 */
public record Comparison(boolean passed, double worst, long compared, String description) {}
