package dev.mayfly.http;

import dev.mayfly.store.Keyspace;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a door and its keyspace: counts reads, and fails those that a test wants failed.
 */
final class ReadHook {
  final AtomicInteger reads = new AtomicInteger();
  volatile @Nullable RuntimeException failure;

  Keyspace before(Keyspace keyspace) {
    return (Keyspace)
        Proxy.newProxyInstance(
            Keyspace.class.getClassLoader(),
            new Class<?>[] {Keyspace.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("read")) {
                onRead();
              }
              try {
                return method.invoke(keyspace, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private void onRead() {
    reads.incrementAndGet();
    RuntimeException thrown = failure;
    if (thrown != null) {
      throw thrown;
    }
  }
}
