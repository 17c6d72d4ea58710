package dev.mayfly.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.ErrorCode.Kind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HttpErrorsTest {
  @ParameterizedTest
  @EnumSource(ErrorCode.class)
  void everyCode_hasAStatusOfItsKindOnEverySurface(ErrorCode code) {
    boolean ours = code.kind() != Kind.CALLER;

    assertThat(HttpErrors.status(code) >= 500).isEqualTo(ours);
    assertThat(HttpErrors.getStore(code).status() >= 500).isEqualTo(ours);
    assertThat(HttpErrors.jsonCache(code).status() >= 500).isEqualTo(ours);
  }

  @ParameterizedTest
  @EnumSource(ErrorCode.class)
  void everyBody_isJson(ErrorCode code) {
    assertThat(JsonCopy.isObject(HttpErrors.getStore(code).body().getBytes())).isTrue();
    assertThat(JsonCopy.isObject(HttpErrors.jsonCache(code).body().getBytes())).isTrue();
    Problem problem = Problem.of(code, "\"detail\"", new byte[] {'"'});
    assertThat(JsonCopy.isObject(Json.buffer(problem::write).getBytes())).isTrue();
  }
}
