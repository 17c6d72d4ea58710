package dev.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mayfly.store.ByteSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigLoaderTest {
  @TempDir Path folder;
  @TempDir Path userFolder;

  @Test
  void load_nothing_givesTheDefaults() {
    MayflyConfig config = load(Map.of(), Map.of()).config();

    assertThat(config.name()).isEqualTo("ada@engine");
    assertThat(config.addresses().http()).hasToString("127.0.0.1:8080");
    assertThat(config.addresses().monitor()).hasToString("127.0.0.1:33970");
    assertThat(config.addresses().grpc()).hasToString("127.0.0.1:33969");
    assertThat(config.stopTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.log().level()).isEqualTo(LogLevel.NOTICE);
    assertThat(config.limits().valueBytesMax()).isEqualTo(1_000_000);
    assertThat(config.limits().memoryMax()).isEqualTo(new ByteSize(512L << 20));
    assertThat(config.history().versionsMax()).isEqualTo(5);
    assertThat(config.events().memoryMax()).isEqualTo(new ByteSize(64 << 20));
  }

  @Test
  void load_everySource_theFirstThatSetsItWins() throws IOException {
    write(folder, "mayfly.yaml", "max-keys: 3\nprune:\n  at: 30\nrevision-limit: 7\nname: file\n");
    Map<String, String> environment = Map.of("MAYFLY_MAX_KEYS", "2", "MAYFLY_PRUNE_AT", "20");

    LoadedConfig loaded = load(environment, Map.of("--max-keys", "1"));

    assertThat(loaded.config().limits().keysMax()).isEqualTo(1);
    assertThat(loaded.config().prune().at()).isEqualTo(20);
    assertThat(loaded.config().history().versionsMax()).isEqualTo(7);
    assertThat(ConfigReport.changes(loaded))
        .anyMatch(line -> line.matches("max-keys: 1 +# flag --max-keys"))
        .anyMatch(line -> line.matches("prune.at: 20 +# environment MAYFLY_PRUNE_AT"))
        .anyMatch(line -> line.matches("revision-limit: 7 +# .*/mayfly.yaml line 4"))
        .hasSize(4);
  }

  @Test
  void load_fileInBothFolders_onlyTheWorkingFoldersIsRead() throws IOException {
    write(folder, "mayfly.yaml", "max-keys: 3\n");
    write(userFolder, "mayfly.yaml", "name: user\n");

    MayflyConfig config = load(Map.of(), Map.of()).config();

    assertThat(config.limits().keysMax()).isEqualTo(3);
    assertThat(config.name()).isEqualTo("ada@engine");
  }

  @Test
  void load_fileInUserFolderOnly_isRead() throws IOException {
    write(userFolder, "mayfly.yaml", "name: user\n");

    assertThat(load(Map.of(), Map.of()).config().name()).isEqualTo("user");
  }

  @Test
  void load_configOption_namesTheFile() throws IOException {
    write(folder, "mayfly.yaml", "name: working\n");
    write(folder, "other.yaml", "name: other\n");

    assertThat(load(Map.of(), Map.of("config", "other.yaml")).config().name()).isEqualTo("other");
    assertThat(load(Map.of("MAYFLY_CONFIG", "other.yaml"), Map.of()).config().name())
        .isEqualTo("other");
    assertThatThrownBy(() -> load(Map.of(), Map.of("--config", "absent.yaml")))
        .hasMessage("option 'config': no file 'absent.yaml' (flag --config)");
  }

  @Test
  void load_fileWithDottedNestedAndShortNames_takesThemAll() throws IOException {
    write(
        folder,
        "mayfly.yaml",
        """
        # all comments
        http:
          address: ':81'
          max-body: 1MiB
        monitor: off
        prune.interval: 1m
        prune:
          at: 100
        events:
        """);

    MayflyConfig config = load(Map.of(), Map.of()).config();

    assertThat(config.addresses().http()).hasToString(":81");
    assertThat(config.addresses().monitor()).hasToString("off");
    assertThat(config.http().bodyMax()).isEqualTo(new ByteSize(1 << 20));
    assertThat(config.prune().interval()).isEqualTo(Duration.ofMinutes(1));
    assertThat(config.prune().to()).isEqualTo(90);
  }

  @Test
  void load_variablesInFile_areExpanded() throws IOException {
    write(folder, "mayfly.yaml", "name: '${WHO}-${PLACE:home}-$${WHO}'\n");

    assertThat(load(Map.of("WHO", "bob"), Map.of()).config().name()).isEqualTo("bob-home-${WHO}");
    assertThatThrownBy(() -> load(Map.of(), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageEndingWith("mayfly.yaml line 1: the environment has no variable WHO");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "snapshott.interval: 1s | unknown option 'snapshott.interval'",
        "prune.intervall: 1s | unknown option 'prune.intervall': did you mean 'prune.interval'?",
        "maxKeys: 1 | unknown option 'maxKeys': did you mean 'max-keys'?",
        "config: x | unknown option 'config'",
        "name: [a] | option 'name' takes a single value",
        "- name | expected 'name: value'",
        "just text | expected 'name: value'",
        "name: 'a | line 1: found unexpected end of stream",
        "{name: a, name: b} | option 'name' is given twice",
        "{http: ':1', http.address: ':2'} | option 'http.address' is given twice",
        "max-keys: many | option 'max-keys': 'many' is wrong: expected a whole number, at least 0",
      })
  void load_wrongFile_saysWhatAndWhere(String text, String problem) throws IOException {
    write(folder, "mayfly.yaml", text);

    assertThatThrownBy(() -> load(Map.of(), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(problem)
        .hasMessageContaining("mayfly.yaml");
  }

  @Test
  void load_severalProblems_areToldTogether() {
    Map<String, String> environment =
        Map.of("MAYFLY_STOP_TIMEOUT", "soon", "MAYFLY_PRUNE_ATT", "1");

    assertThatThrownBy(() -> load(environment, Map.of("--htp", ":1")))
        .isInstanceOf(ConfigException.class)
        .message()
        .isEqualToNormalizingNewlines(
            """
            unknown option '--htp': did you mean '--http'?
            unknown option 'MAYFLY_PRUNE_ATT': did you mean 'MAYFLY_PRUNE_AT'? (environment)
            option 'stop-timeout': 'soon' is wrong: expected a duration such as 30s or 1h30m, \
            from 0s to 24h (environment MAYFLY_STOP_TIMEOUT)\
            """);
  }

  @ParameterizedTest
  @CsvSource({
    "prune.to, 2, prune.at, 1, option 'prune.to' must be less than 'prune.at'",
    "prune.eager-to, 2, prune.eager-at, 2,"
        + " option 'prune.eager-to' must be less than 'prune.eager-at'",
    "min-lock-duration, 2s, max-lock-duration, 1s,"
        + " option 'min-lock-duration' must not be greater than 'max-lock-duration'",
    "revision-limit, -2, max-keys, 0, option 'revision-limit': '-2' is wrong",
    "grpc.max-input, 1MiB, max-value-size, 2MiB,"
        + " option 'grpc.max-input' must not be less than 'max-value-size'",
    "http.max-in-flight, 1MiB, http.max-body, 2MiB,"
        + " option 'http.max-in-flight' must not be less than 'http.max-body'",
    "resp.output-max, 1MiB, resp.output-pause, 2MiB,"
        + " option 'resp.output-max' must not be less than 'resp.output-pause'",
    "resp.max-reply, 1MiB, resp.output-pause, 2MiB,"
        + " option 'resp.max-reply' must not be less than 'resp.output-pause'",
    "engine.shards, 3, max-keys, 0, expected 0 or a power of two",
    "max-value-size, 9MiB, max-keys, 0, option 'max-value-size': '9MiB' is wrong",
    "max-key-length, 65536, max-keys, 0, option 'max-key-length': '65536' is wrong",
  })
  void load_impossibleValues_areRefused(
      String name, String value, String otherName, String otherValue, String problem) {
    assertThatThrownBy(() -> load(Map.of(), Map.of(name, value, otherName, otherValue)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void load_boundaryValues_areTaken() {
    Map<String, String> flags =
        Map.of(
            "prune.at",
            "2",
            "prune.to",
            "2",
            "revision-limit",
            "-1",
            "max-value-size",
            "8MiB",
            "max-key-length",
            "65535",
            "engine.shards",
            "4096",
            "stop-timeout",
            "0");

    MayflyConfig config = load(Map.of(), flags).config();

    assertThat(config.prune().to()).isEqualTo(2);
    assertThat(config.history().versionsMax()).isEqualTo(-1);
    assertThat(config.limits().valueBytesMax()).isEqualTo(8 << 20);
    assertThat(config.stopTimeout()).isZero();
  }

  @Test
  void load_zeroWhereItMeansTheDefault_isTheDefault() {
    Map<String, String> flags =
        Map.of(
            "max-value-size",
            "0",
            "max-key-length",
            "0",
            "min-lock-duration",
            "0",
            "max-lock-duration",
            "0s",
            "min-lifespan",
            "0");

    assertThat(load(Map.of(), flags).config().limits())
        .isEqualTo(load(Map.of(), Map.of()).config().limits());
  }

  @Test
  void load_emptyValue_countsAsNotGiven() throws IOException {
    write(folder, "mayfly.yaml", "name: file\n");

    assertThat(load(Map.of("MAYFLY_NAME", ""), Map.of()).config().name()).isEqualTo("file");
  }

  @Test
  void load_variablesThatAreNotOurs_areIgnored() {
    Map<String, String> environment =
        Map.of(
            "MAYFLY_JAVA_HOME", "/jdk",
            "MAYFLY_ADDRESS", "host:1",
            "MAYFLY_SERVICE_HOST", "10.0.0.1",
            "MAYFLY_SERVICE_PORT_HTTP", "8080",
            "MAYFLY_PORT", "tcp://10.0.0.1:8080",
            "MAYFLY_HTTP_PORT_8080_TCP_ADDR", "10.0.0.1");

    assertThat(load(environment, Map.of()).config()).isNotNull();
    assertThatThrownBy(() -> load(Map.of("MAYFLY_HTTP_PORT", "8080"), Map.of()))
        .hasMessageContaining("unknown option 'MAYFLY_HTTP_PORT'");
  }

  @Test
  void load_wrongSecret_isNotShown() {
    String secret = "s3cret".repeat(60);

    assertThatThrownBy(() -> load(Map.of("MAYFLY_PRIVILEGED_CLIENT_ID", secret), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("'privileged-client-id': '********'")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void load_fileOfAnotherEnding_isPointedOut() throws IOException {
    write(folder, "mayfly.yml", "name: file\n");

    assertThat(load(Map.of(), Map.of()).warnings())
        .singleElement()
        .asString()
        .endsWith("mayfly.yml is not read: its name must be mayfly.yaml");
  }

  @Test
  void load_hugeFile_isRefused() throws IOException {
    write(folder, "mayfly.yaml", "#".repeat((1 << 20) + 1));

    assertThatThrownBy(() -> load(Map.of(), Map.of())).hasMessageContaining("larger than 1 MiB");
  }

  private LoadedConfig load(Map<String, String> environment, Map<String, String> flags) {
    return new ConfigLoader(TestSurroundings.of(environment, folder, userFolder)).load(flags);
  }

  private static void write(Path folder, String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }
}
