package dev.mayfly.testing;

class ModelLifespanTest extends LifespanContract {
  @Override
  protected OpenStore open(StoreLimits limits, VirtualTime time) {
    return Models.open(limits, time);
  }
}
