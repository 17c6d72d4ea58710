package dev.mayfly.testing;

class ModelScanTest extends ScanContract {
  @Override
  protected OpenStore open(StoreLimits limits, VirtualTime time) {
    return Models.open(limits, time);
  }
}
