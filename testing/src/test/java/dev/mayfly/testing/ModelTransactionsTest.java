package dev.mayfly.testing;

class ModelTransactionsTest extends TransactionsContract {
  @Override
  protected OpenStore open(StoreLimits limits, VirtualTime time) {
    return Models.open(limits, time);
  }
}
