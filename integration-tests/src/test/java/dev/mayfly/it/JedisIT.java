package dev.mayfly.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.AbstractTransaction;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.Response;
import redis.clients.jedis.ScanIteration;
import redis.clients.jedis.csc.DefaultCache;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.GetExParams;
import redis.clients.jedis.params.SetParams;

/** The RESP door as Jedis sees it. */
@Timeout(180)
class JedisIT {
  private static final long PATIENCE_SECONDS = 20;

  @TempDir Path folder;

  /** A cache that does not ask for a server of a certain name and version. */
  private static final class AnyServerCache extends DefaultCache {
    AnyServerCache() {
      super(100);
    }

    @Override
    public boolean compatibilityMode() {
      return true;
    }
  }

  private static DefaultJedisClientConfig config(RedisProtocol protocol) {
    return DefaultJedisClientConfig.builder().protocol(protocol).clientName("jedis").build();
  }

  private static RedisClient client(ServerFixture server, RedisProtocol protocol) {
    return RedisClient.builder()
        .hostAndPort("127.0.0.1", server.respPort())
        .clientConfig(config(protocol))
        .build();
  }

  @ParameterizedTest
  @ValueSource(strings = {"RESP2", "RESP3"})
  void ordinaryOperations_answerAsExpected(String version) throws Exception {
    RedisProtocol protocol = RedisProtocol.valueOf(version);
    try (ServerFixture server = ServerFixture.start(folder);
        RedisClient jedis = client(server, protocol)) {
      strings(jedis);
      scan(jedis);
      transactions(jedis);
      channels(server, protocol, jedis);
    }
  }

  private static void strings(RedisClient jedis) {
    assertThat(jedis.set("a", "1", SetParams.setParams().nx().ex(100))).isEqualTo("OK");
    assertThat(jedis.set("a", "2", SetParams.setParams().nx())).isNull();
    assertThat(jedis.setGet("a", "2", SetParams.setParams().keepTtl())).isEqualTo("1");
    assertThat(jedis.ttl("a")).isBetween(90L, 100L);
    assertThat(jedis.incrBy("a", 40)).isEqualTo(42);
    assertThat(jedis.incrByFloat("a", 0.5)).isEqualTo(42.5);
    assertThat(jedis.mget("a", "none")).containsExactly("42.5", null);
    assertThat(jedis.getEx("a", GetExParams.getExParams().persist())).isEqualTo("42.5");
    assertThat(jedis.ttl("a")).isEqualTo(-1);
    assertThat(jedis.setbit("bits", 7, true)).isFalse();
    assertThat(jedis.bitcount("bits")).isEqualTo(1);
    assertThat(jedis.rename("bits", "moved")).isEqualTo("OK");
    assertThat(jedis.copy("moved", "copied", false)).isTrue();
    assertThat(jedis.exists("moved", "copied", "bits")).isEqualTo(2);
    assertThat(jedis.getDel("copied")).isEqualTo("\u0001");
    assertThat(jedis.unlink("moved", "bits")).isEqualTo(1);
    assertThat(jedis.type("a")).isEqualTo("string");
    assertThatThrownBy(() -> jedis.incr("a"))
        .isInstanceOf(JedisDataException.class)
        .hasMessage("ERR value is not an integer or out of range");
    assertThatThrownBy(() -> jedis.hset("h", "f", "v")).hasMessageContaining("unknown command");
  }

  private static void scan(RedisClient jedis) {
    Set<String> expected = new HashSet<>();
    try (AbstractPipeline pipeline = jedis.pipelined()) {
      for (int i = 0; i < 1000; i++) {
        pipeline.set("k" + i, "v");
        expected.add("k" + i);
      }
      pipeline.sync();
    }
    Set<String> found = new HashSet<>();
    ScanIteration scan = jedis.scanIteration(50, "k*");
    while (!scan.isIterationCompleted()) {
      found.addAll(scan.nextBatch().getResult());
    }
    assertThat(found).isEqualTo(expected);
  }

  private static void transactions(RedisClient jedis) {
    try (AbstractTransaction transaction = jedis.transaction(false)) {
      transaction.watch("n");
      transaction.multi();
      transaction.set("n", "1");
      Response<Long> number = transaction.incr("n");
      assertThat(transaction.exec()).containsExactly("OK", 2L);
      assertThat(number.get()).isEqualTo(2);
    }
    try (AbstractTransaction transaction = jedis.transaction(false)) {
      transaction.watch("n");
      jedis.set("n", "7");
      transaction.multi();
      transaction.incr("n");
      assertThat(transaction.exec()).isNull();
    }
    try (AbstractTransaction transaction = jedis.transaction(false)) {
      transaction.watch("fleeting");
      jedis.set("fleeting", "1");
      jedis.del("fleeting");
      transaction.multi();
      transaction.set("n", "8");
      assertThat(transaction.exec()).isNull();
    }
    try (AbstractTransaction transaction = jedis.transaction(false)) {
      transaction.multi();
      transaction.rename("n", "moved");
      transaction.msetnx("n", "1", "moved", "2");
      transaction.copy("moved", "n", false);
      assertThat(transaction.exec()).containsExactly("OK", 0L, true);
    }
  }

  private static void channels(ServerFixture server, RedisProtocol protocol, RedisClient jedis)
      throws InterruptedException {
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    JedisPubSub listener =
        new JedisPubSub() {
          @Override
          public void onSubscribe(String channel, int subscribed) {
            heard.add("on " + channel);
          }

          @Override
          public void onMessage(String channel, String message) {
            heard.add(channel + " " + message);
          }
        };
    try (RedisClient other = client(server, protocol)) {
      Thread thread = Thread.ofVirtual().start(() -> other.subscribe(listener, "news"));
      assertThat(heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("on news");
      assertThat(jedis.publish("news", "hello")).isEqualTo(1);
      assertThat(heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("news hello");
      listener.unsubscribe();
      thread.join();
    }
  }

  @Test
  void cacheOfTheClient_staysTrue() throws Exception {
    AnyServerCache cache = new AnyServerCache();
    try (ServerFixture server = ServerFixture.start(folder);
        RedisClient writer = client(server, RedisProtocol.RESP3);
        RedisClient jedis =
            RedisClient.builder()
                .hostAndPort("127.0.0.1", server.respPort())
                .clientConfig(config(RedisProtocol.RESP3))
                .cache(cache)
                .build()) {
      writer.set("cached", "1");
      assertThat(List.of(jedis.get("cached"), jedis.get("cached"))).containsExactly("1", "1");
      assertThat(cache.getStats().getHitCount()).isEqualTo(1);

      writer.set("cached", "2");

      await().until(() -> jedis.get("cached").equals("2"));
    }
  }
}
