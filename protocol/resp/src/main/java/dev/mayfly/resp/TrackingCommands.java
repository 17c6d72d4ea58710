package dev.mayfly.resp;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The subcommands of CLIENT that have to do with clients' caches. Stateless. */
final class TrackingCommands {
  private static final int PREFIXES_MAX = 64;

  /** The prefix of whoever names none; nobody's is apart from it. */
  private static final ByteKey EVERY_KEY = new ByteKey(new byte[0]);

  private static final String MODE =
      "ERR You can't switch BCAST mode on/off before disabling tracking for this client, and then"
          + " re-enabling it with a different mode.";
  private static final String OPTION =
      "ERR You can't switch OPTIN/OPTOUT mode before disabling tracking for this client, and then"
          + " re-enabling it with a different mode.";
  private static final String NO_CACHING =
      "ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or"
          + " OPTOUT mode enabled";

  private final RespDoor door;

  TrackingCommands(RespDoor door) {
    this.door = door;
  }

  /** CLIENT TRACKING ON | OFF [REDIRECT id] [PREFIX p …] [BCAST] [OPTIN] [OPTOUT] [NOLOOP]. */
  Action tracking(Arguments arguments, Session session) {
    boolean broadcast = false;
    boolean optIn = false;
    boolean optOut = false;
    boolean ownSpared = false;
    long redirect = 0;
    List<ByteKey> prefixes = new ArrayList<>();
    for (int at = 3; at < arguments.count(); at++) {
      boolean more = at + 1 < arguments.count();
      String option = arguments.word(at);
      if (option.equals("redirect") && more) {
        if (redirect != 0) {
          throw new RespException("ERR A client can only redirect to a single other client");
        }
        redirect = arguments.integer(++at);
        if (door.session(redirect) == null) {
          throw new RespException("ERR The client ID you want redirect to does not exist");
        }
      } else if (option.equals("prefix") && more) {
        prefixes.add(new ByteKey(arguments.bytes(++at)));
      } else {
        switch (option) {
          case "bcast" -> broadcast = true;
          case "optin" -> optIn = true;
          case "optout" -> optOut = true;
          case "noloop" -> ownSpared = true;
          default -> throw RespException.syntax();
        }
      }
    }
    if (arguments.is(2, "off")) {
      return (Action.Now)
          out -> {
            door.tracking().end(session);
            out.ok();
          };
    }
    if (!arguments.is(2, "on")) {
      throw RespException.syntax();
    }
    TrackingTerms wanted =
        new TrackingTerms(broadcast, Set.of(), optIn, optOut, ownSpared, redirect);
    // Only when its turn has come: in a transaction, the mode may be another one by then.
    return (Action.Now)
        out -> {
          Tracker tracker = session.tracker();
          begin(session, tracker == null ? null : tracker.terms(), wanted, prefixes);
          out.ok();
        };
  }

  private void begin(
      Session session,
      @Nullable TrackingTerms before,
      TrackingTerms wanted,
      List<ByteKey> prefixes) {
    requireFitting(before, wanted, !prefixes.isEmpty());
    Set<ByteKey> there = before == null ? Set.of() : before.prefixes();
    door.tracking()
        .begin(
            session,
            new TrackingTerms(
                wanted.broadcast(),
                wanted.broadcast() ? together(there, prefixes) : Set.of(),
                wanted.optIn(),
                wanted.optOut(),
                wanted.ownSpared(),
                wanted.redirect()));
  }

  /** What the original refuses, in its order. */
  private static void requireFitting(
      @Nullable TrackingTerms before, TrackingTerms wanted, boolean prefixed) {
    if (!wanted.broadcast() && prefixed) {
      throw new RespException("ERR PREFIX option requires BCAST mode to be enabled");
    }
    if (before != null && before.broadcast() != wanted.broadcast()) {
      throw new RespException(MODE);
    }
    if (wanted.broadcast() && (wanted.optIn() || wanted.optOut())) {
      throw new RespException("ERR OPTIN and OPTOUT are not compatible with BCAST");
    }
    if (wanted.optIn() && wanted.optOut()) {
      throw new RespException("ERR You can't specify both OPTIN mode and OPTOUT mode");
    }
    if (before != null
        && ((wanted.optIn() && before.optOut()) || (wanted.optOut() && before.optIn()))) {
      throw new RespException(OPTION);
    }
  }

  /** The prefixes of a client, none of which may begin another. */
  private static Set<ByteKey> together(Set<ByteKey> there, List<ByteKey> more) {
    for (int i = 0; i < more.size(); i++) {
      for (ByteKey old : there) {
        requireApart(more.get(i), old, "an existing prefix");
      }
      for (ByteKey other : more.subList(i + 1, more.size())) {
        requireApart(more.get(i), other, "another provided prefix");
      }
    }
    Set<ByteKey> all = new TreeSet<>(ByteKey.ORDER);
    all.addAll(there);
    all.addAll(more.isEmpty() ? List.of(EVERY_KEY) : more);
    if (all.size() > PREFIXES_MAX) {
      throw new RespException("ERR more than %d prefixes".formatted(PREFIXES_MAX));
    }
    return all;
  }

  private static void requireApart(ByteKey one, ByteKey other, String what) {
    if (Tracking.isPrefix(one.bytes(), other.bytes())
        || Tracking.isPrefix(other.bytes(), one.bytes())) {
      throw new RespException(
          "ERR Prefix '%s' overlaps with %s '%s'. Prefixes for a single client must not overlap."
              .formatted(Texts.of(one.bytes()), what, Texts.of(other.bytes())));
    }
  }

  /** CLIENT CACHING YES | NO: of what is read by the next command, or the next transaction. */
  Action caching(Arguments arguments, Session session) {
    // Only when its turn has come: in a transaction, caching may begin just before.
    return (Action.Now)
        out -> {
          Tracker tracker = session.tracker();
          if (tracker == null) {
            throw new RespException(NO_CACHING);
          }
          boolean yes = yesOrNo(arguments.word(2));
          if (yes && !tracker.terms().optIn()) {
            throw new RespException(
                "ERR CLIENT CACHING YES is only valid when tracking is enabled in OPTIN mode.");
          }
          if (!yes && !tracker.terms().optOut()) {
            throw new RespException(
                "ERR CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode.");
          }
          tracker.caching(yes);
          out.ok();
        };
  }

  private static boolean yesOrNo(String word) {
    return switch (word) {
      case "yes" -> true;
      case "no" -> false;
      default -> throw RespException.syntax();
    };
  }

  /** CLIENT GETREDIR: who is told in the client's place; 0: itself, -1: it has no cache. */
  Action redirect(Session session) {
    return (Action.Now) out -> out.integer(redirectOf(session));
  }

  static long redirectOf(Session session) {
    Tracker tracker = session.tracker();
    return tracker == null ? -1 : tracker.terms().redirect();
  }

  /** CLIENT TRACKINGINFO. */
  Action info(Session session) {
    return (Action.Now)
        out -> {
          Tracker tracker = session.tracker();
          List<String> flags = flags(tracker);
          out.map(3);
          out.bulk("flags");
          out.set(flags.size());
          flags.forEach(out::bulk);
          out.bulk("redirect");
          out.integer(redirectOf(session));
          out.bulk("prefixes");
          Set<ByteKey> prefixes = tracker == null ? Set.of() : tracker.terms().prefixes();
          out.array(prefixes.size());
          prefixes.forEach(prefix -> out.bulk(prefix.bytes()));
        };
  }

  private static List<String> flags(@Nullable Tracker tracker) {
    if (tracker == null) {
      return List.of("off");
    }
    TrackingTerms terms = tracker.terms();
    List<String> flags = new ArrayList<>(List.of("on"));
    if (terms.broadcast()) {
      flags.add("bcast");
    }
    if (terms.optIn()) {
      flags.add("optin");
    }
    if (terms.optIn() && Boolean.TRUE.equals(tracker.caching())) {
      flags.add("caching-yes");
    }
    if (terms.optOut()) {
      flags.add("optout");
    }
    if (terms.optOut() && Boolean.FALSE.equals(tracker.caching())) {
      flags.add("caching-no");
    }
    if (terms.ownSpared()) {
      flags.add("noloop");
    }
    if (tracker.isRedirectBroken()) {
      flags.add("broken_redirect");
    }
    return flags;
  }
}
