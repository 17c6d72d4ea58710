package dev.mayfly.balancer;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Logs what each backend took and how many errors there were, when that changed. One thread's. */
final class HitReport implements Runnable {
  static final long INTERVAL_SECONDS = 10;

  private static final Logger LOG = Logger.getLogger(HitReport.class.getName());

  private final TargetPool pool;
  private @Nullable List<Object> last;

  HitReport(TargetPool pool) {
    this.pool = pool;
  }

  @Override
  public void run() {
    List<Object> pairs = pairs();
    if (!pairs.equals(last) && (last != null || pairs.stream().anyMatch(HitReport::counts))) {
      last = pairs;
      LOG.log(Level.INFO, "hits", pairs.toArray());
    }
  }

  private static boolean counts(Object value) {
    return value instanceof Long number && number > 0;
  }

  List<Object> pairs() {
    List<Object> pairs = new ArrayList<>();
    long errors = pool.unserved.sum();
    for (Target target : pool.targets()) {
      pairs.add(target.id());
      pairs.add(target.hits.sum());
      errors += target.errors.sum();
    }
    pairs.add("errors");
    pairs.add(errors);
    return pairs;
  }
}
