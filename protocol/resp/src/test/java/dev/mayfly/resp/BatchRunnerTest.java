package dev.mayfly.resp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BatchRunnerTest {
  private static final BatchRunner.Extent OF_KEYS = BatchRunner.Extent.ofKeys(1 << 20);
  private static final BatchRunner.Extent ONE = BatchRunner.Extent.ofKeys(1);

  private final TestDoor door = new TestDoor();
  private final RespClient client = door.connect();
  private final BatchRunner batches = new BatchRunner(door.door());
  private final Workspace work =
      new Workspace(1 << 20, new ThreadStats(door.door().table().size()));
  private @Nullable Session session;

  @AfterEach
  void close() {
    client.close();
    door.close();
  }

  private int run(String input, BatchRunner.Extent extent) {
    if (session == null) {
      client.ask("PING");
      session = door.door().sessions().iterator().next();
    }
    byte[] in = input.getBytes(StandardCharsets.US_ASCII);
    return batches.run(in, 0, in.length, session, work, extent);
  }

  private String replies() {
    ReplyBuffer out = work.output();
    return new String(out.bytes(), 0, out.size(), StandardCharsets.US_ASCII);
  }

  @Test
  void wholeCommands_areRun_andTheRestIsAwaited() {
    String input = "SET a 1\r\nGET a\r\nGE";

    assertThat(run(input, OF_KEYS)).isEqualTo(input.length() - 2);

    assertThat(replies()).isEqualTo("+OK\r\n$1\r\n1\r\n");
    assertThat(batches.bytesNeeded()).isEqualTo(3);
  }

  @Test
  void commandThatIsNotOfKeys_isLeft_withAllAfterIt() {
    assertThat(run("SET a 1\r\nPING\r\nSET a 2\r\n", OF_KEYS)).isEqualTo("SET a 1\r\n".length());

    assertThat(replies()).isEqualTo("+OK\r\n");
    assertThat(batches.bytesNeeded()).isZero();
  }

  /** What the batch before needed says nothing of this one. */
  @Test
  void batchThatMayNotGoOn_needsNoMoreBytes() {
    assertThat(run("SET a", OF_KEYS)).isZero();
    assertThat(batches.bytesNeeded()).isPositive();

    String whole = "SET a 1\r\n";
    assertThat(run(whole, ONE)).isEqualTo(whole.length());

    assertThat(batches.bytesNeeded()).isZero();
  }

  @Test
  void repliesOfABatchThatFailed_goToNobody() {
    BatchRunner.Extent failing =
        new BatchRunner.Extent() {
          @Override
          public boolean admits(@Nullable Command command, Arguments arguments) {
            return true;
          }

          @Override
          public boolean goesOn(ReplyBuffer out) {
            throw new IllegalStateException("on purpose");
          }
        };
    assertThatIllegalStateException().isThrownBy(() -> run("SET a 1\r\nGET a\r\n", failing));

    run("GET b\r\n", OF_KEYS);

    assertThat(replies()).isEqualTo("$-1\r\n");
  }
}
