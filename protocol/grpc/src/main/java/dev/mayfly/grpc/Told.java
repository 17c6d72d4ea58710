package dev.mayfly.grpc;

import dev.mayfly.store.Event;
import dev.mayfly.store.ResumeToken;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a group of streams was told at once, encoded when the first is sent it. Each knows the next,
 * so that it lives only while a stream has yet to get it. Confined to its watch loop's thread.
 */
final class Told {
  /** The place before it. */
  final ResumeToken before;

  final ResumeToken after;
  final int events;
  final long firstRevision;
  final long lastRevision;

  /** How many bytes had been told before. */
  final long begin;

  @Nullable Told next;

  private final WatchForm form;
  private @Nullable List<Event> source;
  private @Nullable List<byte[]> messages;
  private long bytes;

  Told(ResumeToken before, ResumeToken after, List<Event> source, WatchForm form, long begin) {
    this.before = before;
    this.after = after;
    this.source = source;
    this.form = form;
    this.begin = begin;
    events = source.size();
    firstRevision = source.getFirst().revision();
    lastRevision = source.getLast().revision();
  }

  List<byte[]> messages() {
    List<byte[]> known = messages;
    if (known != null) {
      return known;
    }
    if (source == null) {
      throw new IllegalStateException("the events were forgotten before they were encoded");
    }
    List<byte[]> encoded = new ArrayList<>();
    form.onEvents(source, after, encoded::add);
    encoded.forEach(message -> bytes += message.length);
    messages = encoded;
    return encoded;
  }

  /** How many bytes it is. */
  long bytes() {
    messages();
    return bytes;
  }

  /** How many bytes had been told after it. */
  long end() {
    return begin + bytes();
  }

  /** Keeps the messages alone. */
  void forgetEvents() {
    messages();
    source = null;
  }

  /** What of it is later than a revision; null once the events are forgotten. */
  @Nullable Told partAfter(long revision) {
    return source == null
        ? null
        : new Told(
            before,
            after,
            source.stream().filter(event -> event.revision() > revision).toList(),
            form,
            begin);
  }
}
