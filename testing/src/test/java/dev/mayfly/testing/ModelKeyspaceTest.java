package dev.mayfly.testing;

class ModelKeyspaceTest extends KeyspaceContract {
  @Override
  protected OpenStore open(StoreLimits limits, VirtualTime time) {
    return Models.open(limits, time);
  }
}
