package dev.mayfly.testing;

class ModelRewriteTest extends RewriteContract {
  @Override
  protected OpenStore open(StoreLimits limits, VirtualTime time) {
    return Models.open(limits, time);
  }
}
