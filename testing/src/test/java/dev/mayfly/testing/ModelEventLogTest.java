package dev.mayfly.testing;

class ModelEventLogTest extends EventLogContract {
  @Override
  protected OpenStore open(StoreLimits limits, VirtualTime time) {
    return Models.open(limits, time);
  }
}
