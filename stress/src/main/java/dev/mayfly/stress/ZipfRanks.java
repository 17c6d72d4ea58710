package dev.mayfly.stress;

/**
 * Ranks of which rank r is as likely as 1 / r to a power, drawn by rejection-inversion: no table,
 * and on average little more than one try, whatever the number of ranks (Hörmann and Derflinger:
 * Rejection-inversion to generate variates from monotone discrete distributions, 1996).
 *
 * <p>Each rank r owns the piece of the hat's area from r - 1/2 to r + 1/2, that is the integral of
 * the density there; a point in it is taken if it lies within the rank's probability, which is all
 * but a sliver. Immutable; safe for concurrent use.
 */
final class ZipfRanks {
  private static final double SMALL = 1e-8;

  private final long ranks;
  private final double exponent;
  private final double areaFirst;
  private final double areaAll;

  /** A point no further than this above its rank is taken without a look at its density. */
  private final double squeeze;

  /** Ranks 1 to so many. */
  ZipfRanks(long ranks, double exponent) {
    this.ranks = ranks;
    this.exponent = exponent;
    areaFirst = integral(1.5) - 1;
    areaAll = integral(ranks + 0.5);
    squeeze = 2 - inverse(integral(2.5) - density(2));
  }

  long draw(Draw draw) {
    while (true) {
      double area = areaAll + draw.fraction() * (areaFirst - areaAll);
      double point = inverse(area);
      long rank = Math.clamp((long) (point + 0.5), 1, ranks);
      if (rank - point <= squeeze || area >= integral(rank + 0.5) - density((double) rank)) {
        return rank;
      }
    }
  }

  private double density(double x) {
    return Math.exp(-exponent * Math.log(x));
  }

  /** The integral of the density from 1 to x, in a form that holds at an exponent of 1, too. */
  private double integral(double x) {
    double log = Math.log(x);
    double power = (1 - exponent) * log;
    double slope = Math.abs(power) > SMALL ? Math.expm1(power) / power : 1 + power / 2;
    return slope * log;
  }

  private double inverse(double area) {
    double power = Math.max(-1, area * (1 - exponent));
    double slope = Math.abs(power) > SMALL ? Math.log1p(power) / power : 1 - power / 2;
    return Math.exp(slope * area);
  }
}
