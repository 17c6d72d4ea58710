package dev.mayfly.it;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A client of RESP2 or RESP3 that shows replies as texts, byte for byte. Confined to one thread.
 *
 * <p>What comes by itself is no answer, wherever it comes: before one, between the confirmations of
 * a subscription, or among the replies of a transaction. Invalidations are passed over; messages of
 * channels are kept. In RESP2 a message is told by its first element alone, so that no value may be
 * {@code message} or {@code pmessage}.
 */
final class RespWire implements AutoCloseable {
  /**
   * A reply.
   *
   * @param text its type and value; of an array, map, set or push message, its type alone
   * @param elements of such a one, keys and values in turn; else empty
   */
  record Reply(String text, List<Reply> elements) {
    static Reply of(String text) {
      return new Reply(text, List.of());
    }

    boolean isArray() {
      return text.equals("*");
    }

    @Override
    public String toString() {
      return isArray() ? elements.toString() : elements.isEmpty() ? text : text + elements;
    }
  }

  private static final List<String> MESSAGES = List.of("$message", "$pmessage");
  private static final int PATIENCE_MILLIS = 60_000;

  private final Socket socket;
  private final InputStream in;
  private final Set<String> channels = new HashSet<>();
  private final Set<String> patterns = new HashSet<>();
  private final List<List<String>> queued = new ArrayList<>();
  private final List<Reply> messages = new ArrayList<>();

  RespWire(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** Sends a command, one char of its words a byte, and waits for the reply. */
  Reply ask(List<String> words) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(bytes("*" + words.size() + "\r\n"));
    for (String word : words) {
      out.writeBytes(bytes("$" + word.length() + "\r\n" + word + "\r\n"));
    }
    socket.getOutputStream().write(out.toByteArray());
    return answerTo(words);
  }

  /** The messages of channels that have come since they were last taken, in their order. */
  List<Reply> takeMessages() {
    List<Reply> taken = List.copyOf(messages);
    messages.clear();
    return taken;
  }

  private Reply answerTo(List<String> command) throws IOException {
    String name = command.getFirst().toLowerCase(Locale.ROOT);
    if (name.equals("exec")) {
      return executed();
    }
    Reply reply = answer(line());
    switch (reply.text()) {
      case "+QUEUED" -> queued.add(command);
      case "+RESET" -> {
        queued.clear();
        channels.clear();
        patterns.clear();
      }
      case "+OK" -> {
        if (name.equals("discard")) {
          queued.clear();
        }
      }
      case "*", ">" -> {
        if (name.endsWith("subscribe") && reply.elements().getFirst().text().equals("$" + name)) {
          return confirmations(reply, command.size() - 1);
        }
      }
      default -> {}
    }
    return reply;
  }

  /** One for each channel or pattern; without any, for each there is, and one for none. */
  private Reply confirmations(Reply first, int named) throws IOException {
    String name = first.elements().getFirst().text();
    Set<String> there = name.startsWith("$p") ? patterns : channels;
    int count = named > 0 ? named : Math.max(1, there.size());
    List<Reply> all = new ArrayList<>();
    all.add(first);
    while (all.size() < count) {
      all.add(answer(line()));
    }
    List<String> names = all.stream().map(each -> each.elements().get(1).text()).toList();
    if (name.contains("un")) {
      names.forEach(there::remove);
    } else {
      there.addAll(names);
    }
    return new Reply("*", all);
  }

  /** The replies of a transaction, each as its command's: some have several. */
  private Reply executed() throws IOException {
    List<List<String>> commands = List.copyOf(queued);
    String line = line();
    while (line.startsWith(">") || (line.equals("*3") && commands.size() != 3)) {
      keepIfMessage(reply(line));
      line = line();
    }
    if (!line.startsWith("-ERR")) {
      queued.clear();
    }
    if (!line.equals("*" + commands.size())) {
      return reply(line);
    }
    List<Reply> replies = new ArrayList<>();
    for (List<String> command : commands) {
      replies.add(answerTo(command));
    }
    return new Reply("*", replies);
  }

  /** The next reply that has not come by itself. */
  private Reply answer(String line) throws IOException {
    Reply reply = reply(line);
    while (keepIfMessage(reply)) {
      reply = reply();
    }
    return reply;
  }

  private boolean keepIfMessage(Reply reply) {
    String first = reply.elements().isEmpty() ? "" : reply.elements().getFirst().text();
    boolean isMessage = MESSAGES.contains(first);
    if (isMessage) {
      messages.add(reply);
    }
    return isMessage || (reply.text().equals(">") && first.equals("$invalidate"));
  }

  /** Sends bytes as they are. */
  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /** Says that nothing more comes; replies still may. */
  void end() throws IOException {
    socket.shutdownOutput();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The next reply, or what has come by itself. */
  Reply reply() throws IOException {
    return reply(line());
  }

  private Reply reply(String line) throws IOException {
    int length = "$=*%~>".indexOf(line.charAt(0)) < 0 ? 0 : Integer.parseInt(line.substring(1));
    if (length < 0) {
      return Reply.of(line);
    }
    return switch (line.charAt(0)) {
      case '$', '=' -> {
        String value = new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
        in.skipNBytes(2);
        yield Reply.of(line.charAt(0) + value);
      }
      case '*', '~', '>' -> new Reply(line.substring(0, 1), replies(length));
      case '%' -> new Reply("%", replies(2 * length));
      default -> Reply.of(line);
    };
  }

  private List<Reply> replies(int count) throws IOException {
    List<Reply> replies = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      replies.add(reply());
    }
    return replies;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the server closed the connection");
      }
      line.append((char) b);
    }
    line.setLength(line.length() - 1);
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
