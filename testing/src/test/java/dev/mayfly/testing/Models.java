package dev.mayfly.testing;

/** Opens models. */
final class Models {
  private Models() {}

  static OpenStore open(StoreLimits limits, VirtualTime time) {
    ModelKeyspace model = new ModelKeyspace(limits, 1_000);
    return new OpenStore(
        model,
        model,
        model.eventLog(),
        model,
        model.accesses(),
        () -> model.reapAll(time.millis()),
        () -> {});
  }
}
