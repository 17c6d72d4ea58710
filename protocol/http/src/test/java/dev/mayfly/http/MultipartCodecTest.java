package dev.mayfly.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MultipartCodecTest {
  private final TestDoor door = TestDoor.open();

  @AfterEach
  void close() {
    door.close();
  }

  @Test
  void post_parts_areAForm() {
    String body =
        String.join(
            "\r\n",
            "preamble",
            "--XX",
            "Content-Disposition: form-data; name=\"key\"",
            "",
            "m",
            "--XX",
            "content-disposition: form-data; name=\"data[x]\"",
            "Content-Type: text/plain",
            "",
            "line",
            "--X",
            "--XX",
            "Content-Disposition: form-data; name=\"data[f]\"; filename=\"f\"",
            "",
            "no",
            "--XX--",
            "");

    TestReply reply =
        door.send("POST", "/api", body, "Content-Type: multipart/form-data; boundary=\"XX\"");

    assertThat(reply.line()).isEqualTo("200 {\"data\":{\"x\":\"line\\r\\n--X\"}}");
    assertThat(door.get("m")).isEqualTo("{\"x\":\"line\\r\\n--X\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--XX", "--XX\r\n", "--XX\r\nno head\r\n--XX--", "--XX\r\n\r\n\r\n"})
  void post_badBody_is400(String body) {
    TestReply reply =
        door.send("POST", "/api", body, "Content-Type: multipart/form-data; boundary=XX");

    assertThat(reply.status()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({"data[\u00ff], x", "data[a], \u00ff"})
  void post_nameOrValueThatIsNoText_is400(String name, String value) {
    String part = "--XX\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n";
    String body = part.formatted("key", "m") + part.formatted(name, value) + "--XX--";

    TestReply reply = sendBytes(body);

    assertThat(reply.line()).isEqualTo("400 {\"message\":\"form: expected UTF-8 text\"}");
    assertThat(door.get("m")).isNull();
  }

  @Test
  void post_fileWhoseNameIsNoText_isLeftOut() {
    String head = "--XX\r\nContent-Disposition: form-data; name=";
    String body =
        head
            + "\"key\"\r\n\r\nm\r\n"
            + head
            + "\"data[x]\"\r\n\r\n\u00c3\u00bc\r\n"
            + head
            + "\"f\"; filename=\"\u00ff\"\r\n\r\n\u00ff\r\n--XX--";

    assertThat(sendBytes(body).line()).isEqualTo("200 {\"data\":{\"x\":\"ü\"}}");
  }

  /** One byte for each character. */
  private TestReply sendBytes(String body) {
    return door.send(
        "POST",
        "/api",
        body.getBytes(StandardCharsets.ISO_8859_1),
        "Content-Type: multipart/form-data; boundary=XX");
  }
}
