package dev.mayfly.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonObjectTest {
  @Test
  void indented_breaksLinesOutsideStringsOnly() throws IOException {
    String json = "{\"a\":{},\"b\":[1,{\"c\\\"{\":\"x:,y\\\\\"}],\"d\":[]}";

    assertThat(Json.object(json.getBytes(StandardCharsets.UTF_8)).indented())
        .isEqualTo(
            """
            {
              "a": {},
              "b": [
                1,
                {
                  "c\\"{": "x:,y\\\\"
                }
              ],
              "d": []
            }""");
  }

  @Test
  void with_replacesInPlace() {
    JsonObject object = JsonObject.empty().with("a", 1L).with("b", true).with("a", "x");

    assertThat(object).hasToString("{\"a\":\"x\",\"b\":true}");
  }
}
