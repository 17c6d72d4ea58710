package dev.mayfly.testing;

class ModelWatchTest extends WatchContract {
  @Override
  protected OpenStore open(StoreLimits limits, VirtualTime time) {
    return Models.open(limits, time);
  }
}
