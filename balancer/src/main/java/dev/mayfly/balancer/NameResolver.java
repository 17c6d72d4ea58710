package dev.mayfly.balancer;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Finds the addresses of names. Safe for concurrent use; must not block. */
interface NameResolver extends AutoCloseable {
  CompletionStage<List<InetAddress>> resolve(String name);

  @Override
  void close();
}
