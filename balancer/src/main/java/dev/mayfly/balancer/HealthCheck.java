package dev.mayfly.balancer;

import java.time.Duration;

/**
 * How backends are asked whether they are well. Immutable.
 *
 * @param port asked instead of the backend's own, or 0 for that
 * @param path what a GET asks for; its scheme is http
 * @param interval from one answer to the next question, give or take a fifth
 * @param rise how many good answers in a row bring a backend back that was down
 * @param fall how many bad ones take it down
 */
public record HealthCheck(
    Kind kind, int port, String path, Duration interval, Duration timeout, int rise, int fall) {
  /** What is asked. */
  public enum Kind {
    /** Nothing: a backend is well until connections to it fail. */
    OFF,
    /** Whether it accepts a connection. */
    TCP,
    /** Whether it answers a GET with a status from 200 to 399. */
    HTTP
  }

  /** Checks the ranges. */
  public HealthCheck {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("health port " + port + ": expected 0 to 65535");
    }
    if (!path.startsWith("/") || path.chars().anyMatch(c -> c <= ' ' || c >= 0x7f)) {
      throw new IllegalArgumentException("health path '" + path + "': expected one like /readyz");
    }
    if (!interval.isPositive() || !timeout.isPositive()) {
      throw new IllegalArgumentException("health interval and timeout: expected more than 0");
    }
    if (rise < 1 || fall < 1) {
      throw new IllegalArgumentException("health thresholds: expected at least 1");
    }
  }

  /** No questions. */
  public static HealthCheck off() {
    return of(Kind.OFF, "/");
  }

  /** A connection every two seconds. */
  public static HealthCheck tcp() {
    return of(Kind.TCP, "/");
  }

  /** A GET every two seconds. */
  public static HealthCheck http(String path) {
    return of(Kind.HTTP, path);
  }

  private static HealthCheck of(Kind kind, String path) {
    return new HealthCheck(kind, 0, path, Duration.ofSeconds(2), Duration.ofSeconds(2), 2, 3);
  }

  /**
   * Reads {@code off}, {@code tcp}, {@code http}, {@code http:/path} or {@code ready}, which is our
   * own readiness, {@code /readyz}.
   *
   * @throws IllegalArgumentException naming what is expected
   */
  public static HealthCheck parse(String text) {
    return switch (text) {
      case "off" -> off();
      case "tcp" -> tcp();
      case "http" -> http("/");
      case "ready" -> http("/readyz");
      default -> {
        if (!text.startsWith("http:/")) {
          throw new IllegalArgumentException(
              "'" + text + "' is no health check: expected off, tcp, http, http:/path or ready");
        }
        yield http(text.substring("http:".length()));
      }
    };
  }

  /** The same, asked at another port. */
  public HealthCheck atPort(int other) {
    return new HealthCheck(kind, other, path, interval, timeout, rise, fall);
  }

  /** The same, asked at another interval, and given up after it. */
  public HealthCheck every(Duration other) {
    return new HealthCheck(kind, port, path, other, other, rise, fall);
  }

  /** The same with other thresholds. */
  public HealthCheck withThresholds(int newRise, int newFall) {
    return new HealthCheck(kind, port, path, interval, timeout, newRise, newFall);
  }
}
