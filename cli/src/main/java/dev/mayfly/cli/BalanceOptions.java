package dev.mayfly.cli;

import java.util.List;

/** The options of {@code mayfly balance}. Stateless. */
final class BalanceOptions {
  private static final OptionTable TABLE = new OptionTable();

  static final Option LISTEN =
      TABLE.value(
          "--listen",
          "ADDRESS",
          "Where connections are taken: HOST:PORT, or :PORT for all interfaces. Default:"
              + " 127.0.0.1:8000, or SERVICE_PORT on all interfaces.");
  static final Option BACKEND =
      TABLE.value(
          "--backend",
          "HOST:PORT...",
          "Backends, each HOST:PORT[,weight=N][,drain]; may be repeated. A name is resolved again"
              + " and again, and is as many backends as it has addresses.");
  static final Option DNS =
      TABLE.value("--dns", "NAME:PORT", "Every address of a name is a backend.");
  static final Option FILE =
      TABLE.value(
          "--file",
          "PATH",
          "A file with a backend a line, as for --backend; read when it changes.");
  static final Option DOCKER =
      TABLE.value(
          "--docker",
          "[API]",
          "The running containers of a service: unix:///path, or an http or https URL of a Docker"
              + " or Podman engine. Default: DOCKER_API_LOCATION, else /var/run/docker.sock.");
  static final Option SERVICE =
      TABLE.value("--service", "NAME", "With --docker: the label's value. Default: GROUP_NAME.");
  static final Option LABEL =
      TABLE.value(
          "--label", "NAME", "With --docker: the label. Default: com.docker.compose.service.");
  static final Option PORT =
      TABLE.value(
          "--port",
          "PORT",
          "With --docker: the containers' port. Default: GROUP_PORT, else the only one that is"
              + " exposed. A container's label dev.mayfly.port goes before it.");
  static final Option NETWORK =
      TABLE.value(
          "--network",
          "NAME",
          "With --docker: the network whose addresses are used. Default: one that the balancer's"
              + " container is in too.");
  static final Option DOCKER_CERTS =
      TABLE.value(
          "--docker-certs",
          "FOLDER",
          "With --docker and https: ca.pem, and cert.pem and key.pem if the engine wants them.");
  static final Option REFRESH =
      TABLE.value(
          "--refresh",
          "DURATION",
          "How often names and the file are looked at, or, beside the events, containers listed."
              + " Default: 1s; 5s with --docker.");
  static final Option POLICY =
      TABLE.value(
          "--policy",
          "POLICY",
          "round-robin (default), least-connections, weighted, or consistent: by the client's"
              + " address.");
  static final Option UDP =
      TABLE.value(
          "--udp",
          "ADDRESS",
          "Pass datagrams on, too, taken there: a client's to one backend while it is well.");
  static final Option UDP_PORT =
      TABLE.value(
          "--udp-port",
          "PORT",
          "The backends' port for datagrams. Default: the one that connections go to.");
  static final Option UDP_CLIENTS =
      TABLE.value(
          "--udp-max-clients",
          "NUMBER",
          "How many clients of --udp are remembered; the one not heard for longest makes room."
              + " Default: 4096.");
  static final Option UDP_IDLE =
      TABLE.value(
          "--udp-idle-timeout",
          "DURATION",
          "Forget a client of --udp that is not heard for so long. Default: 1m.");
  static final Option PROXY_PROTOCOL =
      TABLE.flag("--proxy-protocol", "Tell backends the client by a PROXY header of version 2.");
  static final Option ACCEPT_PROXY =
      TABLE.flag(
          "--accept-proxy",
          "Every connection has to begin with a PROXY header of version 2, which names its"
              + " client.");
  static final Option MONITOR =
      TABLE.value(
          "--monitor",
          "ADDRESS",
          "Serve a page, /metrics, /healthz, /readyz, and POST /drain and /undrain?backend=ID"
              + " there. Whoever reaches it may order that. Default: nowhere.");
  static final Option HEALTH =
      TABLE.value(
          "--health",
          "CHECK",
          "off, tcp (default), http, http:/path, or ready: /readyz of a mayfly monitor.");
  static final Option HEALTH_PORT =
      TABLE.value("--health-port", "PORT", "Ask there. Default: the backend's own port.");
  static final Option HEALTH_INTERVAL =
      TABLE.value("--health-interval", "DURATION", "How often to ask. Default: 2s.");
  static final Option HEALTH_RISE =
      TABLE.value(
          "--health-rise", "NUMBER", "How many good answers in a row bring one back. Default: 2.");
  static final Option HEALTH_FALL =
      TABLE.value(
          "--health-fall", "NUMBER", "How many bad answers in a row take one down. Default: 3.");
  static final Option EJECT_AFTER =
      TABLE.value(
          "--eject-after",
          "NUMBER",
          "Put a backend aside when so many connections to it in a row have failed. Default: 3.");
  static final Option EJECT_TIME =
      TABLE.value("--eject-time", "DURATION", "For how long. Default: 10s.");
  static final Option CONNECT_TIMEOUT =
      TABLE.value(
          "--connect-timeout", "DURATION", "For one attempt to reach a backend. Default: 2s.");
  static final Option IDLE_TIMEOUT =
      TABLE.value(
          "--idle-timeout",
          "DURATION",
          "End a connection on which nothing moves for so long. Default: 1h.");
  static final Option DRAIN_TIME =
      TABLE.value(
          "--drain-time",
          "DURATION",
          "How long connections may finish when a backend drains or a signal stops the balancer."
              + " Default: 30s.");
  static final Option MAX_CONNECTIONS =
      TABLE.value(
          "--max-connections",
          "NUMBER",
          "How many clients are served at once; the others wait. Default: 10000.");
  static final Option MAX_UNSENT =
      TABLE.value(
          "--max-unsent",
          "SIZE",
          "What all connections together may hold for slow readers; the nearer that is, the less"
              + " is read at a time. Default: 128MiB.");
  static final Option RETRIES =
      TABLE.value(
          "--retries",
          "NUMBER",
          "How often another backend is tried before the first byte. Default: 3.");

  static final List<Option> ALL = TABLE.and(Syntax.LOG_LEVEL, Syntax.LOG_JSON, Syntax.HELP);

  private BalanceOptions() {}
}
