package dev.mayfly.server;

import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Makes the event loops that the doors on Vert.x share. */
final class EventLoops {
  private static final int WORKERS = 4;

  private static final AtomicReference<@Nullable CompletableFuture<Vertx>> PREPARED =
      new AtomicReference<>();

  private EventLoops() {}

  /** Begins to make those that are asked for next, on another thread. */
  static void prepare() {
    PREPARED.compareAndSet(
        null,
        CompletableFuture.supplyAsync(
            EventLoops::make, Thread.ofPlatform().daemon().name("mayfly-prepare")::start));
  }

  /** One loop for each processor; the caller closes it. */
  static Vertx open() {
    CompletableFuture<Vertx> prepared = PREPARED.getAndSet(null);
    return prepared == null ? make() : prepared.join();
  }

  private static Vertx make() {
    // Nothing here serves files or looks up names but the address to bind: the system's own
    // resolver does for that, and Vert.x need not read the resolver's files at the start.
    System.setProperty("vertx.disableDnsResolver", "true");
    // Both would look for other logging libraries first, through every jar.
    InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
    System.setProperty(
        "vertx.logger-delegate-factory-class-name", "io.vertx.core.logging.JULLogDelegateFactory");
    FileSystemOptions noFiles =
        new FileSystemOptions().setClassPathResolvingEnabled(false).setFileCachingEnabled(false);
    return Vertx.vertx(
        new VertxOptions()
            .setEventLoopPoolSize(Runtime.getRuntime().availableProcessors())
            .setWorkerPoolSize(WORKERS)
            .setInternalBlockingPoolSize(WORKERS)
            .setFileSystemOptions(noFiles));
  }
}
