package dev.mayfly.testing;

class ModelPruneTest extends PruneContract {
  @Override
  protected OpenStore open(StoreLimits limits, VirtualTime time) {
    return Models.open(limits, time);
  }
}
