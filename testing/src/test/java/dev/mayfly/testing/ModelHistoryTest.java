package dev.mayfly.testing;

class ModelHistoryTest extends HistoryContract {
  @Override
  protected OpenStore open(StoreLimits limits, VirtualTime time) {
    return Models.open(limits, time);
  }
}
