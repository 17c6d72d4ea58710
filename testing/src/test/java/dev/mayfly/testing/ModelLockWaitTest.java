package dev.mayfly.testing;

class ModelLockWaitTest extends LockWaitContract {
  @Override
  protected OpenStore open(StoreLimits limits, VirtualTime time) {
    return Models.open(limits, time);
  }
}
