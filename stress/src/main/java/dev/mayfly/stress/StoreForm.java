package dev.mayfly.stress;

import dev.mayfly.client.ServerAddress;
import java.nio.charset.StandardCharsets;

/** The GET-only store: everything is in the request's path. Immutable. */
final class StoreForm implements HttpForm {
  private static final int SUCCESS = 200;
  private static final int SUCCESS_END = 300;
  private static final int NOT_FOUND = 404;

  private final byte[] behind;

  StoreForm(StressPlan plan) {
    behind = behind(plan.address());
  }

  /** What ends a request without a body. */
  static byte[] behind(ServerAddress address) {
    return (" HTTP/1.1\r\nHost: " + address.authority() + "\r\n\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void put(Operation operation, Wire wire) {
    wire.put(operation.isRead() ? "GET /get?k=" : "GET /set?k=").put(operation.key());
    if (!operation.isRead()) {
      wire.put("&v=").put(operation.value());
    }
    wire.put(behind);
  }

  @Override
  public Meaning meaning(Operation operation, int status, byte[] body) {
    if (status >= SUCCESS && status < SUCCESS_END) {
      return Meaning.DONE;
    }
    boolean isMissing =
        operation.isRead()
            && status == NOT_FOUND
            && new String(body, StandardCharsets.UTF_8).contains("MISSING_RECORD");
    return isMissing ? Meaning.MISSING : Meaning.REFUSED;
  }
}
