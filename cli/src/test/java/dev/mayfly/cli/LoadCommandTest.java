package dev.mayfly.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoadCommandTest {
  private FakeServer server;

  @BeforeEach
  void start() throws IOException {
    server = new FakeServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void load_ofArguments_splitsAtTheFirstEqualsSign() {
    Run run = Run.of(server, "load", "a=1", "b=x=y", "c", "--lifespan", "5m");

    assertThat(run)
        .extracting(Run::code, Run::out, Run::err)
        .containsExactly(0, "{\"loaded\":3,\"failed\":0}\n", "");
    assertThat(value("a")).isEqualTo("1");
    assertThat(value("b")).isEqualTo("x=y");
    assertThat(value("c")).isEmpty();
  }

  @Test
  void load_ofLines_passesOverEmptyOnes() {
    Run run = Run.with(server, "a=1\r\n\nb=2\n=3\nc=4", "load");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).isEqualTo("{\"loaded\":3,\"failed\":1}\n");
    assertThat(run.err()).isEqualTo("mayfly: '': Empty key\n");
    assertThat(value("a")).isEqualTo("1");
    assertThat(value("c")).isEqualTo("4");
  }

  @Test
  void load_ofManyLines_sendsThemAllAndTheLastValueOfAKeyWins() {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 25_000; i++) {
      lines.append("key").append(i % 5000).append('=').append(i).append('\n');
    }

    Run run = Run.with(server, lines.toString(), "load");

    assertThat(run.out()).isEqualTo("{\"loaded\":25000,\"failed\":0}\n");
    assertThat(server.values).hasSize(5000);
    for (int i = 0; i < 5000; i++) {
      assertThat(value("key" + i)).isEqualTo(Integer.toString(20_000 + i));
    }
  }

  @Test
  void load_withKeysThatFail_reportsTheFirstHundredAndCountsTheRest() {
    StringBuilder lines = new StringBuilder("fine=1\n");
    for (int i = 0; i < 150; i++) {
      server.locks.put("locked" + i, "other");
      lines.append("locked").append(i).append("=x\n");
    }

    Run run = Run.with(server, lines.toString(), "load");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).isEqualTo("{\"loaded\":1,\"failed\":150}\n");
    assertThat(run.err().lines().filter(line -> line.endsWith("': is locked"))).hasSize(100);
    assertThat(run.err()).contains("mayfly: more keys fail; from here on they are only counted\n");
  }

  @Test
  void load_withoutAServer_stopsAtOnce() {
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 'x';
          }

          @Override
          public int read(byte[] bytes, int offset, int length) {
            byte[] line = "key=value\n".getBytes(UTF_8);
            System.arraycopy(line, 0, bytes, offset, line.length);
            return line.length;
          }
        };

    Run run = Run.in(Map.of("MAYFLY_ADDRESS", "unix:///nowhere"), endless, false, "load");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).isEqualTo("mayfly: socket file '/nowhere' not found; stopped loading\n");
  }

  @Test
  void load_atATerminal_drawsItsProgress() {
    Map<String, String> environment = Map.of("MAYFLY_ADDRESS", server.address());
    InputStream lines = new ByteArrayInputStream(new byte[0]);

    Run drawn = Run.in(environment, lines, true, "load", "a=1", "b=2");
    Run quiet = Run.in(environment, lines, true, "load", "a=1", "--quiet");

    assertThat(drawn.err())
        .endsWith("\r\u001b[K[##############################] 100% 2 keys, 2,000/s\n");
    assertThat(quiet.err()).isEmpty();
  }

  @Test
  void load_ofAPipeThatStaysOpen_sendsWhatHasCome() throws Exception {
    PipedOutputStream source = new PipedOutputStream();
    PipedInputStream in = new PipedInputStream(source);
    CompletableFuture<Run> run =
        CompletableFuture.supplyAsync(
            () -> Run.in(Map.of("MAYFLY_ADDRESS", server.address()), in, false, "load"));

    source.write("a=1\nb=2\n".getBytes(UTF_8));
    source.flush();
    String first = server.requests.poll(20, TimeUnit.SECONDS);
    source.close();

    assertThat(first).isEqualTo("POST /v1/batch");
    assertThat(run.get().out()).isEqualTo("{\"loaded\":2,\"failed\":0}\n");
  }

  @Test
  void lineReader_cutsLinesAtTheBound() throws IOException {
    String text = "x".repeat(200_000) + "\n" + "y".repeat(10) + "\nz";
    LineReader lines = new LineReader(new ByteArrayInputStream(text.getBytes(UTF_8)), 10);

    assertThat(lines.next()).asString(UTF_8).isEqualTo("x".repeat(10));
    assertThat(lines.wasTooLong()).isTrue();
    assertThat(lines.next()).asString(UTF_8).isEqualTo("y".repeat(10));
    assertThat(lines.wasTooLong()).isFalse();
    assertThat(lines.next()).asString(UTF_8).isEqualTo("z");
    assertThat(lines.next()).isNull();
  }

  private String value(String key) {
    return new String(server.values.getOrDefault(key, "(none)".getBytes(UTF_8)), UTF_8);
  }
}
