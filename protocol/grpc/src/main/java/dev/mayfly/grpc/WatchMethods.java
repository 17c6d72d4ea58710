package dev.mayfly.grpc;

import dev.mayfly.api.keyquarry.KeyEvent;
import dev.mayfly.api.keyquarry.WatchKeyValueRequest;
import dev.mayfly.api.v1.WatchRequest;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.EventFilter;
import dev.mayfly.store.EventKind;
import dev.mayfly.store.KeyFilter;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.ResumeToken;
import dev.mayfly.store.SlowPolicy;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What each contract's watches ask for. Immutable; safe for concurrent use. */
final class WatchMethods {
  private static final StreamForm STREAM = new StreamForm();

  /** Accepts nothing: no client has an empty id. */
  private static final List<String> NOBODY = List.of("");

  private static final long PROGRESS_NANOS = 10_000_000_000L;
  private static final long PROGRESS_MILLIS_MIN = 100;

  private record Shared(EventFilter filter, WatchForm form, SlowPolicy slow, long progress) {}

  private final GrpcStore store;

  WatchMethods(GrpcStore store) {
    this.store = store;
  }

  WatchHandler.Opening stream(dev.mayfly.api.keyquarry.WatchRequest request, String client) {
    Set<EventKind> kinds = EnumSet.noneOf(EventKind.class);
    for (KeyEvent kind : request.getEventsList()) {
      // NO_EVENT, or a kind that is not known, is one that never happens.
      if (kind != KeyEvent.UNRECOGNIZED && kind != KeyEvent.NO_EVENT) {
        kinds.add(EventKind.of(kind.getNumber()));
      }
    }
    if (request.getEventsCount() == 0) {
      kinds = EnumSet.allOf(EventKind.class);
    }
    List<byte[]> keys = request.getKeysList().stream().map(KeyCalls::bytes).toList();
    List<String> clients = kinds.isEmpty() ? NOBODY : request.getClientIdsList();
    EventFilter filter = EventFilter.of(keys, KeyFilter.ALL, kinds, clients);
    return opening(filter, STREAM, SlowPolicy.DISCONNECT, false, PROGRESS_NANOS, null, false);
  }

  WatchHandler.Opening keyValue(WatchKeyValueRequest request, String client) {
    List<byte[]> keys = List.of(KeyCalls.bytes(request.getKey()));
    EventFilter filter = EventFilter.of(keys, KeyFilter.ALL, EventFilter.CHANGES, List.of());
    KeyValueForm form = new KeyValueForm(store.keyspace(), store.time(), request.getKey(), client);
    WatchTerms terms =
        new WatchTerms(
            new Object(), filter, form, SlowPolicy.DISCONNECT, false, false, PROGRESS_NANOS);
    return new WatchHandler.Opening(terms, null, true);
  }

  WatchHandler.Opening v1(WatchRequest request, String client) {
    Set<EventKind> kinds = EnumSet.noneOf(EventKind.class);
    for (int number : request.getKindsValueList()) {
      if (number < 1 || number > EventKind.values().length) {
        throw invalid("event kind " + number + ": expected 1 to 10");
      }
      kinds.add(EventKind.of(number));
    }
    byte[] prefix = request.getPrefix().toByteArray();
    String pattern = request.getPattern();
    KeyFilter keyFilter =
        pattern.isEmpty() ? KeyFilter.prefix(prefix) : KeyFilter.pattern(prefix, pattern);
    List<byte[]> keys = request.getKeysList().stream().map(key -> key.toByteArray()).toList();
    EventFilter filter = EventFilter.of(keys, keyFilter, kinds, request.getClientIdsList());
    SlowPolicy slow =
        switch (request.getSlowPolicy()) {
          case SLOW_POLICY_UNSPECIFIED, SLOW_POLICY_GAP_NOTICE -> SlowPolicy.NOTICE;
          case SLOW_POLICY_DISCONNECT -> SlowPolicy.DISCONNECT;
          case SLOW_POLICY_COALESCE -> SlowPolicy.COALESCE;
          case UNRECOGNIZED ->
              throw invalid("slow policy %d is unknown".formatted(request.getSlowPolicyValue()));
        };
    String token = request.getResumeToken();
    return opening(
        filter,
        new V1Form(request.getValues(), slow == SlowPolicy.DISCONNECT),
        slow,
        true,
        progressNanos(request),
        token.isEmpty() ? null : ResumeToken.decode(token),
        request.getCurrentState());
  }

  private static long progressNanos(WatchRequest request) {
    if (!request.hasProgressInterval()) {
      return PROGRESS_NANOS;
    }
    long millis = WireTimes.millis(request.getProgressInterval());
    if (millis < PROGRESS_MILLIS_MIN) {
      throw invalid(
          "progress interval %dms: expected at least %dms".formatted(millis, PROGRESS_MILLIS_MIN));
    }
    return millis * 1_000_000;
  }

  private static WatchHandler.Opening opening(
      EventFilter filter,
      WatchForm form,
      SlowPolicy slow,
      boolean cutWhenStalled,
      long progressNanos,
      @Nullable ResumeToken after,
      boolean stateFirst) {
    Shared shareKey = new Shared(filter, form, slow, progressNanos);
    WatchTerms terms =
        new WatchTerms(shareKey, filter, form, slow, after != null, cutWhenStalled, progressNanos);
    return new WatchHandler.Opening(terms, after, stateFirst);
  }

  private static MayflyException invalid(String message) {
    return new MayflyException(ErrorCode.ARGUMENT_INVALID, message);
  }
}
