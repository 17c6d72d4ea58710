package dev.mayfly.stress;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The JSON cache: a value is the only field of an object. Immutable. */
final class CacheForm implements HttpForm {
  private static final int SUCCESS = 200;
  private static final int SUCCESS_END = 300;

  private final byte[] behindGet;
  private final byte[] post;
  private final byte[] bodyEnd;

  CacheForm(StressPlan plan) {
    behindGet = StoreForm.behind(plan.address());
    post =
        ascii(
            "POST /api HTTP/1.1\r\nHost: "
                + plan.address().authority()
                + "\r\nContent-Type: application/json\r\nContent-Length: ");
    Duration lifespan = plan.workload().lifespan();
    bodyEnd =
        ascii(lifespan == null ? "\"}}" : "\"},\"ttl\":" + Math.max(1, lifespan.toSeconds()) + "}");
  }

  @Override
  public void put(Operation operation, Wire wire) {
    if (operation.isRead()) {
      wire.put("GET /api?key=").put(operation.key()).put(behindGet);
      return;
    }
    byte[] start = ascii("{\"key\":\"");
    byte[] middle = ascii("\",\"data\":{\"value\":\"");
    int length =
        start.length
            + operation.key().length
            + middle.length
            + operation.value().length
            + bodyEnd.length;
    wire.put(post).put(length).put("\r\n\r\n");
    wire.put(start).put(operation.key()).put(middle).put(operation.value()).put(bodyEnd);
  }

  @Override
  public Meaning meaning(Operation operation, int status, byte[] body) {
    if (status < SUCCESS || status >= SUCCESS_END) {
      return Meaning.REFUSED;
    }
    boolean isMissing =
        operation.isRead()
            && new String(body, StandardCharsets.UTF_8).replace(" ", "").contains("\"data\":null");
    return isMissing ? Meaning.MISSING : Meaning.DONE;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
