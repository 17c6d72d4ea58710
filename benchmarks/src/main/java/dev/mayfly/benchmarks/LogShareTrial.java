package dev.mayfly.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/**
 * Which share of a set goes into the event log: processor-time samples inside the log's calls among
 * those inside a set. The log cannot be turned off, so its cost is told by a profile.
 */
final class LogShareTrial {
  private static final String SET = "dev.mayfly.engine.MemoryKeyspace";
  private static final String LOG = "dev.mayfly.engine.NativeEventLog";
  private static final String SAMPLE = "jdk.ExecutionSample";

  private LogShareTrial() {}

  /** The figures by name: samples in a set, and the log's share of them. */
  static Map<String, Double> run(int entries, long bytesMax, long millis) throws IOException {
    Path file = Files.createTempFile("mayfly-log-share", ".jfr");
    try (Subject subject = Subject.of("engine", bytesMax, entries)) {
      Load load = new Load(subject, entries, 1);
      load.fill();
      load.churn(2L * entries);
      load.mix(0, millis);
      try (Recording recording = new Recording()) {
        recording.enable(SAMPLE).withPeriod(Duration.ofMillis(1));
        recording.start();
        load.mix(0, millis);
        recording.stop();
        recording.dump(file);
      }
      return shares(file);
    } finally {
      Files.delete(file);
    }
  }

  private static Map<String, Double> shares(Path file) throws IOException {
    long inSet = 0;
    long inLog = 0;
    for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
      if (event.getEventType().getName().equals(SAMPLE) && passes(event, SET)) {
        inSet++;
        inLog += passes(event, LOG) ? 1 : 0;
      }
    }
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("samples", (double) inSet);
    figures.put("share", (double) inLog / inSet);
    return figures;
  }

  private static boolean passes(RecordedEvent event, String type) {
    for (RecordedFrame frame : event.getStackTrace().getFrames()) {
      if (frame.getMethod().getType().getName().equals(type)) {
        return true;
      }
    }
    return false;
  }
}
