package dev.mayfly.testing;

class ModelTransfersTest extends TransfersContract {
  @Override
  protected OpenStore open(StoreLimits limits, VirtualTime time) {
    return Models.open(limits, time);
  }
}
