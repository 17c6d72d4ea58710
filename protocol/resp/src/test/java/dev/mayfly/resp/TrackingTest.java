package dev.mayfly.resp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TrackingTest {
  private final TestDoor door = new TestDoor();
  private final RespClient cache = door.connect();
  private final RespClient writer = door.connect();

  @AfterEach
  void close() {
    cache.close();
    writer.close();
    door.close();
  }

  private static String invalidated(String... keys) {
    StringBuilder all = new StringBuilder(">2 $10 invalidate *" + keys.length);
    for (String key : keys) {
      all.append(" $").append(key.length()).append(' ').append(key);
    }
    return all.toString();
  }

  @Test
  void broadcast_tellsOfItsPrefixes() {
    cache.ask("HELLO 3");
    assertThat(cache.ask("CLIENT TRACKING ON BCAST PREFIX user: PREFIX item:")).isEqualTo("+OK");

    writer.ask("SET other 1");
    writer.ask("SET user:1 a");
    assertThat(cache.reply()).isEqualTo(invalidated("user:1"));
    writer.ask("DEL user:1");
    assertThat(cache.reply()).isEqualTo(invalidated("user:1"));
    writer.ask("SET item:7 a PX 10");
    assertThat(cache.reply()).isEqualTo(invalidated("item:7"));

    door.time.advanceMillis(50);
    door.keyspace.maintain();

    assertThat(cache.reply()).isEqualTo(invalidated("item:7"));
    assertThat(cache.ask("CLIENT TRACKINGINFO"))
        .isEqualTo("%3 $5 flags ~2 $2 on $5 bcast $8 redirect :0 $8 prefixes *2 $5 item: $5 user:");
  }

  @Test
  void readsBeforeBroadcast_areForgotten() {
    try (RespClient other = door.connect()) {
      other.ask("CLIENT TRACKING ON");
      other.ask("MGET a c");
      cache.ask("HELLO 3");
      cache.ask("CLIENT TRACKING ON");
      cache.ask("MGET a b");
      cache.ask("CLIENT TRACKING OFF");
      cache.ask("CLIENT TRACKING ON BCAST PREFIX b");
      assertThat(writer.ask("INFO stats"))
          .contains("tracking_total_keys:3", "tracking_total_items:4", "tracking_total_prefixes:1");

      writer.ask("MSET a 1 b 1");

      assertThat(cache.reply()).isEqualTo(invalidated("b"));
      assertThat(cache.ask("PING")).isEqualTo("+PONG");
    }
  }

  @Test
  void reads_areInvalidatedOnce() {
    cache.ask("HELLO 3");
    cache.ask("CLIENT TRACKING ON");
    cache.ask("MGET a b");
    writer.ask("SET c 1");
    writer.ask("SET a 1");
    assertThat(cache.reply()).isEqualTo(invalidated("a"));
    writer.ask("SET a 2");
    writer.ask("SET b 1");
    assertThat(cache.reply()).isEqualTo(invalidated("b"));

    cache.ask("GET a");
    writer.ask("SET a 3");
    assertThat(cache.reply()).isEqualTo(invalidated("a"));

    cache.ask("MULTI");
    cache.ask("GET a");
    cache.ask("EXEC");
    writer.ask("SET a 4");
    assertThat(cache.reply()).isEqualTo(invalidated("a"));

    cache.ask("GET a");
    assertThat(cache.ask("CLIENT TRACKING OFF")).isEqualTo("+OK");
    writer.ask("SET a 5");
    assertThat(cache.ask("GET a")).isEqualTo("$1 5");
  }

  @Test
  void whatHappenedBeforeARead_isNotTold() {
    cache.ask("HELLO 3");
    cache.ask("CLIENT TRACKING ON");
    assertThat(cache.ask("GET last")).isEqualTo("_");
    for (int i = 0; i < TestDoor.TRACKED_MAX - 2; i++) {
      writer.ask("SET k" + i + " v");
      assertThat(cache.ask("GET k" + i)).isEqualTo("$1 v");
    }

    writer.ask("SET last v");

    assertThat(cache.reply()).isEqualTo(invalidated("last"));
  }

  @Test
  void ownWrites_areTold_unlessTheyAreSpared() {
    cache.ask("HELLO 3");
    cache.ask("CLIENT TRACKING ON BCAST");
    cache.ask("SET a 1");
    assertThat(cache.reply()).isEqualTo(invalidated("a"));

    cache.ask("CLIENT TRACKING OFF");
    cache.ask("CLIENT TRACKING ON BCAST NOLOOP");
    for (int i = 0; i < 100; i++) {
      assertThat(cache.ask("INCR n")).isEqualTo(":" + (i + 1));
    }
    cache.ask("MULTI");
    cache.ask("SET m 1");
    assertThat(cache.ask("EXEC")).isEqualTo("*1 +OK");
    writer.ask("SET b 1");

    assertThat(cache.reply()).isEqualTo(invalidated("b"));
  }

  @Test
  void redirect_tellsASubscriberOfResp2() {
    try (RespClient listener = door.connect()) {
      String id = listener.ask("CLIENT ID").substring(1);
      listener.ask("SUBSCRIBE __redis__:invalidate");
      assertThat(cache.ask("CLIENT TRACKING ON REDIRECT " + id)).isEqualTo("+OK");
      assertThat(cache.ask("CLIENT GETREDIR")).isEqualTo(":" + id);
      cache.ask("GET a");
      writer.ask("SET a 1");

      assertThat(listener.reply()).isEqualTo("*3 $7 message $20 __redis__:invalidate *1 $1 a");
    }
  }

  @Test
  void redirect_toOneThatHasGone_isTold() {
    cache.ask("HELLO 3");
    String id;
    try (RespClient listener = door.connect()) {
      id = listener.ask("CLIENT ID").substring(1);
      cache.ask("CLIENT TRACKING ON BCAST REDIRECT " + id);
      listener.ask("QUIT");
      assertThat(listener.reply()).isEqualTo("closed");
    }
    while (!writer.ask("CLIENT LIST ID " + id).equals("$0 ")) {
      Thread.onSpinWait();
    }
    writer.ask("SET a 1");

    assertThat(cache.reply()).isEqualTo(">2 $21 tracking-redir-broken :" + id);
    assertThat(cache.ask("CLIENT TRACKINGINFO")).contains("$15 broken_redirect");
  }

  @Test
  void optIn_andOptOut_chooseWhatIsCached() {
    cache.ask("HELLO 3");
    cache.ask("CLIENT TRACKING ON OPTIN");
    cache.ask("GET a");
    assertThat(cache.ask("CLIENT CACHING YES")).isEqualTo("+OK");
    cache.ask("GET b");
    cache.ask("GET c");
    writer.ask("MSET a 1 c 1");
    writer.ask("SET b 1");
    assertThat(cache.reply()).isEqualTo(invalidated("b"));

    cache.ask("CLIENT TRACKING OFF");
    cache.ask("CLIENT TRACKING ON OPTOUT");
    cache.ask("CLIENT CACHING NO");
    cache.ask("GET a");
    cache.ask("GET b");
    writer.ask("SET a 2");
    writer.ask("SET b 2");
    assertThat(cache.reply()).isEqualTo(invalidated("b"));
  }

  @Test
  void moreReadsThanAreRemembered_invalidateEverything() {
    cache.ask("HELLO 3");
    cache.ask("CLIENT TRACKING ON");
    for (int i = 0; i < TestDoor.TRACKED_MAX; i++) {
      assertThat(cache.ask("GET k" + i)).isEqualTo("_");
    }

    assertThat(cache.ask("GET more")).isEqualTo("_");

    assertThat(cache.reply()).isEqualTo(">2 $10 invalidate _");
  }

  @Test
  void wishes_inATransaction_goByWhatWasWishedBefore() {
    cache.ask("MULTI");
    cache.ask("CLIENT TRACKING ON OPTIN");
    cache.ask("CLIENT CACHING YES");
    cache.ask("CLIENT TRACKING ON OPTOUT");

    assertThat(cache.ask("EXEC")).startsWith("*3 +OK +OK -ERR You can't switch OPTIN/OPTOUT mode");
  }

  @Test
  void wrongWishes_areToldAsTheOriginalTells() {
    assertThat(cache.ask("CLIENT TRACKING ON PREFIX a"))
        .isEqualTo("-ERR PREFIX option requires BCAST mode to be enabled");
    assertThat(cache.ask("CLIENT TRACKING ON BCAST OPTIN"))
        .isEqualTo("-ERR OPTIN and OPTOUT are not compatible with BCAST");
    assertThat(cache.ask("CLIENT TRACKING ON REDIRECT 999"))
        .isEqualTo("-ERR The client ID you want redirect to does not exist");
    assertThat(cache.ask("CLIENT TRACKING ON BCAST PREFIX a PREFIX ab"))
        .isEqualTo(
            "-ERR Prefix 'a' overlaps with another provided prefix 'ab'. Prefixes for a single"
                + " client must not overlap.");
    assertThat(cache.ask("CLIENT CACHING YES")).startsWith("-ERR CLIENT CACHING can be called");
    assertThat(cache.ask("CLIENT GETREDIR")).isEqualTo(":-1");
    cache.ask("CLIENT TRACKING ON");
    assertThat(cache.ask("CLIENT CACHING NO"))
        .isEqualTo("-ERR CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode.");
    assertThat(cache.ask("CLIENT CACHING MAYBE")).isEqualTo("-ERR syntax error");
    assertThat(cache.ask("CLIENT TRACKING ON BCAST OPTIN"))
        .startsWith("-ERR You can't switch BCAST mode");
    cache.ask("CLIENT TRACKING OFF");
    cache.ask("CLIENT TRACKING ON BCAST PREFIX a");
    assertThat(cache.ask("CLIENT TRACKING ON")).startsWith("-ERR You can't switch BCAST mode");
    assertThat(cache.ask("CLIENT TRACKING ON BCAST")).isEqualTo("+OK");
    assertThat(cache.ask("CLIENT TRACKINGINFO")).endsWith("$8 prefixes *2 $0  $1 a");
    assertThat(cache.ask("CLIENT TRACKING ON BCAST PREFIX b"))
        .startsWith("-ERR Prefix 'b' overlaps with an existing prefix ''");
    assertThat(cache.ask("RESET")).isEqualTo("+RESET");
    assertThat(cache.ask("CLIENT TRACKINGINFO"))
        .isEqualTo("*6 $5 flags *1 $3 off $8 redirect :-1 $8 prefixes *0");
  }
}
