package dev.askonce.engine;

/**
 * How much of what a route serves by similarity is wrong, as far as known: of the last one or two
 * thousand checks and the last million hits or less; older ones weigh half and less.
 *
 * @param served hits by similarity that were served
 * @param reported how many of these were reported as wrong
 * @param checked hits, served or withheld, that a judge compared with a fresh answer
 * @param wrong how many of these it found wrong
 * @param share the best guess, 0 to 1: of the checked, or the reported share where that is higher;
 *     NaN where nothing is known
 * @param lowOfChecked lower end of the 95% interval of the wrong among the checked (Wilson 1927)
 * @param lowOfReported the same of the reported among the served: more may be wrong, less hardly
 * @param high upper end, by the checked alone: who is not asked reports nothing; 1 where none was
 */
public record WrongShare(
    long served,
    long reported,
    long checked,
    long wrong,
    double share,
    double lowOfChecked,
    double lowOfReported,
    double high) {
  private static final double Z = 1.959964;

  /** {@return the lower end of the 95% interval of the share, by what says most} */
  public double low() {
    return Math.max(lowOfChecked, lowOfReported);
  }

  /** {@return the share of what was counted} */
  public static WrongShare of(long served, long reported, long checked, long wrong) {
    double ofChecked = (double) wrong / checked;
    // What was served before the count began can be reported after.
    long servedAtLeast = Math.max(served, reported);
    double ofServed = reported == 0 ? 0 : (double) reported / servedAtLeast;
    boolean known = checked > 0 || reported > 0;
    double share = checked == 0 ? ofServed : Math.max(ofChecked, ofServed);
    return new WrongShare(
        served,
        reported,
        checked,
        wrong,
        known ? share : Double.NaN,
        bound(wrong, checked, -1),
        bound(reported, servedAtLeast, -1),
        checked == 0 ? 1 : bound(wrong, checked, 1));
  }

  private static double bound(long hits, long count, int side) {
    if (count == 0) {
      return side < 0 ? 0 : 1;
    }
    double p = (double) hits / count;
    double square = Z * Z / count;
    double middle = p + square / 2;
    double half = Z * Math.sqrt(p * (1 - p) / count + square / (4 * count));
    return Math.clamp((middle + side * half) / (1 + square), 0, 1);
  }
}
