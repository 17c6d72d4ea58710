package dev.mayfly.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mayfly.client.Trust;
import dev.mayfly.stress.Distribution;
import dev.mayfly.stress.Door;
import dev.mayfly.stress.StressPlan;
import dev.mayfly.stress.ValueSize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StressSettingsTest {
  private static StressPlan plan(Map<String, String> environment, String... words) {
    Arguments arguments =
        Objects.requireNonNull(
            PlainParser.parse(new Syntax(StressOptions.ALL, List.of()), List.of(words)));
    return new StressSettings(arguments, environment).plan();
  }

  @Test
  void nothingSaid_isTheOriginalsLoad() {
    StressPlan plan = plan(Map.of());

    assertThat(plan.door()).isEqualTo(Door.HTTP);
    assertThat(plan.address()).hasToString("127.0.0.1:8080");
    assertThat(plan.connections()).isEqualTo(500);
    assertThat(plan.pipeline()).isEqualTo(1);
    assertThat(plan.pace().amount()).isEqualTo(100_000);
    assertThat(plan.pace().rate()).isNull();
    assertThat(plan.workload().prefix()).isEqualTo("stress:");
    assertThat(plan.workload().keys()).isEqualTo(100_000);
    assertThat(plan.workload().distribution()).isEqualTo(new Distribution.Sequential());
    assertThat(plan.workload().readPercent()).isZero();
    assertThat(plan.workload().valueSize()).isNull();
  }

  @Test
  void environment_isThatOfTheOriginal() {
    Map<String, String> environment =
        Map.of(
            "SERVICE_URL", "http://load-balancer/",
            "STRESS_AMOUNT", "7000",
            "STRESS_CLUSTERS", "3",
            "STRESS_WORKERS", "4",
            "STERSS_WORKERS", "5",
            "MAYFLY_ADDRESS", "elsewhere:1");

    StressPlan plan = plan(environment);

    assertThat(plan.address()).hasToString("load-balancer:80");
    assertThat(plan.pace().amount()).isEqualTo(7000);
    assertThat(plan.connections()).isEqualTo(12);
    assertThat(plan(Map.of("STERSS_WORKERS", "5")).connections()).isEqualTo(250);
    assertThat(plan(environment, "--connections=9").connections()).isEqualTo(9);
    assertThat(plan(environment, "--workers", "1").connections()).isEqualTo(3);
    assertThat(plan(environment, "-a", "db:81").address()).hasToString("db:81");
    assertThat(plan(environment, "--door=resp").address()).hasToString("127.0.0.1:6380");
    assertThatThrownBy(() -> plan(Map.of("STRESS_WORKERS", "x")))
        .isInstanceOf(UsageException.class)
        .hasMessage("invalid number of workers 'x': expected 0 or more");
  }

  @ParameterizedTest
  @CsvSource({
    "http, 8080",
    "json, 8080",
    "grpc, 33969",
    "resp, 6380",
    "counter, 3509",
    "counter-packet, 3509",
  })
  void door_hasItsPort(String door, int port) {
    assertThat(plan(Map.of(), "--door", door).address()).hasToString("127.0.0.1:" + port);
    assertThat(plan(Map.of(), "--door", door, "-a", "x").address()).hasToString("x:" + port);
  }

  @Test
  void everyOption_arrives() {
    StressPlan plan =
        plan(
            Map.of(),
            ("--door=resp --duration=1m --warmup=5s --rate=1500.5 --connections=7 --pipeline=16"
                    + " --reads=80 --prefix=p/ --keys=10 --distribution=hot:50 --value-size=1-2"
                    + " --lifespan=3s --seed=-4 --timeout=2s --secret=s")
                .split(" "));

    assertThat(plan.pace().amount()).isNull();
    assertThat(plan.pace().duration()).isEqualTo(Duration.ofMinutes(1));
    assertThat(plan.pace().warmup()).isEqualTo(Duration.ofSeconds(5));
    assertThat(plan.pace().rate()).isEqualTo(1500.5);
    assertThat(plan.connections()).isEqualTo(7);
    assertThat(plan.pipeline()).isEqualTo(16);
    assertThat(plan.timeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(plan.secret()).isEqualTo("s");
    assertThat(plan.toString()).doesNotContain("secret");
    assertThat(plan.workload().readPercent()).isEqualTo(80);
    assertThat(plan.workload().prefix()).isEqualTo("p/");
    assertThat(plan.workload().keys()).isEqualTo(10);
    assertThat(plan.workload().distribution()).isEqualTo(new Distribution.Hot(50));
    assertThat(plan.workload().valueSize()).isEqualTo(new ValueSize(1, 2));
    assertThat(plan.workload().lifespan()).isEqualTo(Duration.ofSeconds(3));
    assertThat(plan.workload().seed()).isEqualTo(-4);
  }

  @Test
  void unixSocketAndTls_arrive() {
    assertThat(plan(Map.of(), "-a", "unix:///run/m").address()).hasToString("unix:///run/m");
    assertThat(plan(Map.of("MAYFLY_ADDRESS", "unix:///run/m")).address())
        .hasToString("unix:///run/m");
    assertThat(plan(Map.of()).trust()).isNull();
    assertThat(plan(Map.of(), "--tls").trust()).isEqualTo(Trust.SYSTEM);
    assertThat(plan(Map.of(), "--insecure").trust()).isEqualTo(Trust.ANYBODY);
    assertThat(plan(Map.of(), "--door=grpc", "--ca-certfile=ca.pem").trust())
        .isEqualTo(Trust.of(Path.of("ca.pem")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--door=ftp",
        "--address=host:0",
        "--address=host:65536",
        "--address=https://host",
        "--address=unix://",
        "--door=counter --address=unix:///s",
        "--door=counter-packet --tls",
        "--address=unix:///s --tls",
        "--door=grpc --insecure",
        "--amount=0",
        "--amount=-1",
        "--amount=1e3",
        "--amount=99999999999999999999",
        "--duration=0s",
        "--duration=5",
        "--duration=9999999999h",
        "--warmup=-1s",
        "--connections=0",
        "--connections=10001",
        "--connections=2 --workers=1",
        "--clusters=10000 --workers=10000",
        "--pipeline=0",
        "--pipeline=1001",
        "--rate=0",
        "--rate=NaN",
        "--rate=Infinity",
        "--rate=x",
        "--reads=101",
        "--reads=-1",
        "--reads=NaN",
        "--keys=0",
        "--keys=2000000000000",
        "--prefix=a?b",
        "--prefix=a&v=",
        "--distribution=",
        "--distribution=zipf:0",
        "--distribution=zipf:NaN",
        "--distribution=hot:101",
        "--distribution=uniform:1",
        "--value-size=9MiB",
        "--value-size=10-1",
        "--value-size=-",
        "--value-size=x",
        "--lifespan=1m",
        "--seed=x",
        "--seed=99999999999999999999",
        "--timeout=0s",
        "--timeout=9999h",
      })
  void whatMakesNoSense_isRefusedInWords(String words) {
    assertThatThrownBy(() -> plan(Map.of(), words.split(" ")))
        .isInstanceOfAny(UsageException.class, IllegalArgumentException.class)
        .message()
        .isNotBlank();
  }
}
