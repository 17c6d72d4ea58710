package dev.mayfly.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.store.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ApiDocumentTest {
  private static final Pattern PATH = Pattern.compile("^ {2}(/\\S*):$");
  private static final Pattern METHOD = Pattern.compile("^ {4}(get|head|put|post|delete|patch):$");

  @Test
  void document_describesEachRouteAndNoOther() throws IOException {
    Map<String, Set<String>> described = described();

    Map<String, Set<String>> routes = new TreeMap<>();
    for (Route route : Route.values()) {
      if (route.template().startsWith("/v1/") && route != Route.UNKNOWN_V1) {
        routes.put(route.template(), new TreeSet<>(List.of(route.allow().split(", "))));
      }
    }
    assertThat(described).isEqualTo(routes);
  }

  @Test
  void describedRoutes_areAnswered() throws IOException {
    try (TestDoor door = TestDoor.open()) {
      described()
          .forEach(
              (template, methods) -> {
                for (String method : methods) {
                  // A stream of events has no end: one whose pattern is wrong is refused instead.
                  String path =
                      template.replace("{key}", "a").replace("events", "events?pattern=(");
                  TestReply reply = door.send(method, path, "{}");
                  assertThat(reply.text())
                      .as("%s %s", method, path)
                      .doesNotContain("no-such-route", "method-not-allowed");
                }
              });
    }
  }

  @Test
  void document_namesEveryErrorCode() throws IOException {
    Set<String> named = new TreeSet<>();
    Matcher matcher = Pattern.compile("(?m)^ {12}- ([a-z-]+)$").matcher(document());
    while (matcher.find()) {
      named.add(matcher.group(1));
    }

    assertThat(named)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(ErrorCode.values())
                .map(code -> code.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .toList());
  }

  private static Map<String, Set<String>> described() throws IOException {
    Map<String, Set<String>> described = new TreeMap<>();
    String path = "";
    for (String line : Stream.of(document().split("\n")).toList()) {
      Matcher pathLine = PATH.matcher(line);
      Matcher methodLine = METHOD.matcher(line);
      if (pathLine.matches()) {
        path = pathLine.group(1);
      } else if (methodLine.matches()) {
        described
            .computeIfAbsent(path, created -> new TreeSet<>())
            .add(methodLine.group(1).toUpperCase(Locale.ROOT));
      }
    }
    return described;
  }

  private static String document() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(ApiDocument.class.getResourceAsStream("openapi.yaml"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
