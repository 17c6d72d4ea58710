package dev.mayfly.testing;

class ModelLockTest extends LockContract {
  @Override
  protected OpenStore open(StoreLimits limits, VirtualTime time) {
    return Models.open(limits, time);
  }
}
