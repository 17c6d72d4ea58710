package dev.mayfly.testing;

class ModelMetricsTest extends MetricsContract {
  @Override
  protected OpenStore open(StoreLimits limits, VirtualTime time) {
    return Models.open(limits, time);
  }
}
