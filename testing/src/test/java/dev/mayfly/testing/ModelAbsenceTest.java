package dev.mayfly.testing;

class ModelAbsenceTest extends AbsenceContract {
  @Override
  protected OpenStore open(StoreLimits limits, VirtualTime time) {
    return Models.open(limits, time);
  }
}
