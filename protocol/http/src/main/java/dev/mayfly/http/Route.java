package dev.mayfly.http;

/** The routes of the door, each with its template and the methods it knows. */
enum Route {
  SET("/set"),
  GET("/get"),
  IS("/is"),
  RM("/rm"),
  CLEAR("/clear"),
  GET_KEYS("/getKeys"),
  GET_VALUES("/getValues"),
  GET_ALL("/getAll"),
  STATUS("/status"),
  PING("/ping"),
  HEALTHCHECK("/healthcheck"),
  UNKNOWN("other"),

  COUNTER_PUT("/put"),
  COUNTER_COUNT("/count"),
  COUNTER_NAMESPACES("/namespaces"),
  COUNTER_ROOT("/"),
  COUNTER_UNKNOWN("other"),

  ROOT("/"),
  API("/api", "GET", "HEAD", "POST", "DELETE"),

  DOCUMENT("/openapi.yaml", "GET", "HEAD"),
  KEYS("/v1/keys", "GET", "HEAD", "DELETE"),
  KEY("/v1/keys/{key}", "GET", "HEAD", "PUT", "DELETE"),
  METADATA("/v1/keys/{key}/metadata", "GET", "HEAD"),
  POP("/v1/keys/{key}/pop", "POST"),
  INCREMENT("/v1/keys/{key}/increment", "POST"),
  METRICS("/v1/keys/{key}/metrics", "GET", "HEAD"),
  LOCK("/v1/keys/{key}/lock", "POST"),
  UNLOCK("/v1/keys/{key}/unlock", "POST"),
  COUNT("/v1/count", "GET", "HEAD"),
  CLEAR_KEYS("/v1/clear", "POST"),
  STATS("/v1/stats", "GET", "HEAD"),
  BATCH("/v1/batch", "POST"),
  VERSION("/v1/version", "GET", "HEAD"),
  EVENTS("/v1/events", "GET", "HEAD"),
  PRUNE("/v1/prune", "POST"),
  READ_ONLY("/v1/readonly", "POST"),
  SHUTDOWN("/v1/shutdown", "POST"),
  REGISTER("/v1/register", "POST"),
  SNAPSHOTS("/v1/snapshots", "GET", "POST"),
  SNAPSHOT("/v1/snapshots/{id}", "GET", "DELETE"),
  SNAPSHOT_IMPORT("/v1/snapshots/import", "POST"),
  SNAPSHOT_RESTORE("/v1/snapshots/{id}/restore", "POST"),
  UNKNOWN_V1("/v1/other");

  private static final String V1 = "/v1/";
  private static final String KEY_PREFIX = "/v1/keys/";
  private static final String SNAPSHOT_PREFIX = "/v1/snapshots/";

  private final String template;
  private final String allow;

  Route(String template, String... methods) {
    this.template = template;
    this.allow = String.join(", ", methods);
  }

  /** The route of a request's path. */
  static Route of(String path) {
    return switch (path) {
      case "/get" -> GET;
      case "/set" -> SET;
      case "/is" -> IS;
      case "/rm" -> RM;
      case "/clear" -> CLEAR;
      case "/getKeys" -> GET_KEYS;
      case "/getValues" -> GET_VALUES;
      case "/getAll" -> GET_ALL;
      case "/status" -> STATUS;
      case "/ping" -> PING;
      case "/healthcheck" -> HEALTHCHECK;
      case "/put" -> COUNTER_PUT;
      case "/count" -> COUNTER_COUNT;
      case "/namespaces" -> COUNTER_NAMESPACES;
      case "/" -> ROOT;
      case "/api", "/api/" -> API;
      case "/openapi.yaml" -> DOCUMENT;
      case "/v1" -> UNKNOWN_V1;
      default -> path.startsWith(V1) ? ofV1(path) : UNKNOWN;
    };
  }

  /** The route of a request's path, decoded, on a listener for counters alone. */
  static Route ofCounters(String path) {
    return switch (path) {
      case "/put" -> COUNTER_PUT;
      case "/count" -> COUNTER_COUNT;
      case "/namespaces" -> COUNTER_NAMESPACES;
      case "/" -> COUNTER_ROOT;
      default -> COUNTER_UNKNOWN;
    };
  }

  private static Route ofV1(String path) {
    if (path.startsWith(KEY_PREFIX)) {
      int slash = path.indexOf('/', KEY_PREFIX.length());
      return slash < 0
          ? KEY
          : switch (path.substring(slash + 1)) {
            case "metadata" -> METADATA;
            case "pop" -> POP;
            case "increment" -> INCREMENT;
            case "metrics" -> METRICS;
            case "lock" -> LOCK;
            case "unlock" -> UNLOCK;
            default -> UNKNOWN_V1;
          };
    }
    if (path.startsWith(SNAPSHOT_PREFIX)) {
      int slash = path.indexOf('/', SNAPSHOT_PREFIX.length());
      return slash < 0
          ? path.endsWith("/import") ? SNAPSHOT_IMPORT : SNAPSHOT
          : path.substring(slash).equals("/restore") ? SNAPSHOT_RESTORE : UNKNOWN_V1;
    }
    return switch (path) {
      case "/v1/snapshots" -> SNAPSHOTS;
      case "/v1/keys" -> KEYS;
      case "/v1/count" -> COUNT;
      case "/v1/clear" -> CLEAR_KEYS;
      case "/v1/stats" -> STATS;
      case "/v1/batch" -> BATCH;
      case "/v1/version" -> VERSION;
      case "/v1/events" -> EVENTS;
      case "/v1/prune" -> PRUNE;
      case "/v1/readonly" -> READ_ONLY;
      case "/v1/shutdown" -> SHUTDOWN;
      case "/v1/register" -> REGISTER;
      default -> UNKNOWN_V1;
    };
  }

  /** The segment of the path that is the key, as it was sent; for routes of one key only. */
  static String keySegment(String path) {
    int slash = path.indexOf('/', KEY_PREFIX.length());
    return path.substring(KEY_PREFIX.length(), slash < 0 ? path.length() : slash);
  }

  /** The segment of the path that names a snapshot; for routes of one only. */
  static String snapshotSegment(String path) {
    int slash = path.indexOf('/', SNAPSHOT_PREFIX.length());
    return path.substring(SNAPSHOT_PREFIX.length(), slash < 0 ? path.length() : slash);
  }

  /** The path with the variable part in braces; a name for people and metrics. */
  String template() {
    return template;
  }

  /** Whether it knows a method; a route without methods of its own takes any. */
  boolean allows(String method) {
    if (allow.isEmpty()) {
      return true;
    }
    int start = allow.indexOf(method);
    int end = start + method.length();
    return start >= 0
        && (start == 0 || allow.charAt(start - 1) == ' ')
        && (end == allow.length() || allow.charAt(end) == ',');
  }

  /** The methods it knows, as the header field {@code Allow} has them. */
  String allow() {
    return allow;
  }
}
