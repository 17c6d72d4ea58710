package dev.mayfly.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.GetExArgs;
import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.SetArgs;
import io.lettuce.core.TrackingArgs;
import io.lettuce.core.TransactionResult;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.support.caching.CacheAccessor;
import io.lettuce.core.support.caching.CacheFrontend;
import io.lettuce.core.support.caching.ClientSideCaching;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The RESP door as Lettuce sees it. */
@Timeout(180)
class LettuceIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path folder;

  private static RedisClient client(ServerFixture server, ProtocolVersion version) {
    RedisURI address = RedisURI.create("127.0.0.1", server.respPort());
    address.setTimeout(PATIENCE);
    RedisClient client = RedisClient.create(address);
    client.setOptions(ClientOptions.builder().protocolVersion(version).build());
    return client;
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  void ordinaryOperations_answerAsExpected(ProtocolVersion version) throws Exception {
    try (ServerFixture server = ServerFixture.start(folder);
        RedisClient client = client(server, version);
        StatefulRedisConnection<String, String> connection = client.connect()) {
      strings(connection.sync());
      pipelineAndScan(connection);
      transactions(client, connection.sync());
      channels(client, connection.sync());
    }
  }

  private static void strings(RedisCommands<String, String> redis) {
    assertThat(redis.ping()).isEqualTo("PONG");
    assertThat(redis.set("a", "1", SetArgs.Builder.nx().ex(100))).isEqualTo("OK");
    assertThat(redis.set("a", "2", SetArgs.Builder.nx())).isNull();
    assertThat(redis.setGet("a", "2", SetArgs.Builder.keepttl())).isEqualTo("1");
    assertThat(redis.ttl("a")).isBetween(90L, 100L);
    assertThat(redis.incrby("a", 40)).isEqualTo(42);
    assertThat(redis.incrbyfloat("a", 0.5)).isEqualTo(42.5);
    assertThat(redis.mget("a", "none").getFirst().getValue()).isEqualTo("42.5");
    assertThat(redis.getex("a", GetExArgs.Builder.persist())).isEqualTo("42.5");
    assertThat(redis.pttl("a")).isEqualTo(-1);
    assertThat(redis.append("a", "x")).isEqualTo(5);
    assertThat(redis.getrange("a", 1, 2)).isEqualTo("2.");
    assertThat(redis.mset(Map.of("b", "1", "c", "2"))).isEqualTo("OK");
    assertThat(redis.msetnx(Map.of("b", "1", "d", "2"))).isFalse();
    assertThat(redis.del("b", "c", "d")).isEqualTo(2);
    assertThat(redis.clientSetname("lettuce")).isEqualTo("OK");
    assertThat(redis.clientGetname()).isEqualTo("lettuce");
    assertThat(redis.info("server")).contains("mayfly_version");
    assertThat(redis.commandCount()).isGreaterThan(80);
    assertThatThrownBy(() -> redis.incr("a"))
        .isInstanceOf(RedisCommandExecutionException.class)
        .hasMessage("ERR value is not an integer or out of range");
    assertThatThrownBy(() -> redis.lpush("l", "x")).hasMessageContaining("unknown command");
  }

  private static void pipelineAndScan(StatefulRedisConnection<String, String> connection) {
    connection.setAutoFlushCommands(false);
    List<RedisFuture<?>> replies = new ArrayList<>();
    Set<String> expected = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      replies.add(connection.async().set("k" + i, "v"));
      expected.add("k" + i);
    }
    connection.flushCommands();
    connection.setAutoFlushCommands(true);
    assertThat(LettuceFutures.awaitAll(PATIENCE, replies.toArray(RedisFuture<?>[]::new))).isTrue();
    Set<String> found = new HashSet<>();
    ScanArgs wanted = ScanArgs.Builder.limit(50).match("k*");
    KeyScanCursor<String> cursor = connection.sync().scan(wanted);
    found.addAll(cursor.getKeys());
    while (!cursor.isFinished()) {
      cursor = connection.sync().scan(cursor, wanted);
      found.addAll(cursor.getKeys());
    }
    assertThat(found).isEqualTo(expected);
  }

  private static void transactions(RedisClient client, RedisCommands<String, String> redis) {
    redis.multi();
    redis.set("n", "1");
    redis.incr("n");
    TransactionResult done = redis.exec();
    assertThat(done.stream().toList()).containsExactly("OK", 2L);
    redis.watch("n");
    try (StatefulRedisConnection<String, String> other = client.connect()) {
      other.sync().set("n", "7");
    }
    redis.multi();
    redis.incr("n");
    assertThat(redis.exec().wasDiscarded()).isTrue();
  }

  private static void channels(RedisClient client, RedisCommands<String, String> redis)
      throws InterruptedException {
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    try (StatefulRedisPubSubConnection<String, String> connection = client.connectPubSub()) {
      connection.addListener(
          new RedisPubSubAdapter<>() {
            @Override
            public void message(String channel, String message) {
              heard.add(channel + " " + message);
            }

            @Override
            public void message(String pattern, String channel, String message) {
              heard.add(pattern + " " + channel + " " + message);
            }
          });
      connection.sync().subscribe("news");
      assertThat(redis.publish("news", "hello")).isEqualTo(1);
      assertThat(heard.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("news hello");
      connection.sync().psubscribe("o*");
      assertThat(redis.publish("other", "again")).isEqualTo(1);
      assertThat(heard.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("o* other again");
    }
  }

  @Test
  void cacheOfTheClient_staysTrue() throws Exception {
    Map<String, String> cache = new ConcurrentHashMap<>();
    try (ServerFixture server = ServerFixture.start(folder);
        RedisClient client = client(server, ProtocolVersion.RESP3);
        StatefulRedisConnection<String, String> writer = client.connect();
        StatefulRedisConnection<String, String> connection = client.connect();
        CacheFrontend<String, String> frontend =
            ClientSideCaching.enable(
                CacheAccessor.forMap(cache), connection, TrackingArgs.Builder.enabled().noloop())) {
      writer.sync().set("cached", "1");
      assertThat(frontend.get("cached")).isEqualTo("1");
      assertThat(cache).containsEntry("cached", "1");

      writer.sync().set("cached", "2");

      await().until(() -> !cache.containsKey("cached"));
      assertThat(frontend.get("cached")).isEqualTo("2");
    }
  }
}
