package dev.mayfly.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentTypesTest {
  private static final String HTML = "text/html; charset=utf-8";
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String UNKNOWN = "application/octet-stream";

  @Test
  void detect_noBytes_noType() {
    assertThat(ContentTypes.detect(new byte[0])).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<!DOCTYPE HTML",
        "<HTML",
        "<HEAD",
        "<SCRIPT",
        "<IFRAME",
        "<H1",
        "<DIV",
        "<FONT",
        "<TABLE",
        "<A",
        "<STYLE",
        "<TITLE",
        "<B",
        "<BODY",
        "<BR",
        "<P",
        "<!--"
      })
  void detect_htmlTag_needsAnEndAndIgnoresCaseAndSpaceBefore(String tag) {
    assertThat(detect(tag + ">")).isEqualTo(HTML);
    assertThat(detect(tag + " x")).isEqualTo(HTML);
    assertThat(detect("\t\n\f\r " + tag.toLowerCase(Locale.ROOT) + ">")).isEqualTo(HTML);
    assertThat(detect(tag)).isEqualTo(TEXT);
    assertThat(detect(tag + "\n")).isEqualTo(TEXT);
    assertThat(detect("x" + tag + ">")).isEqualTo(TEXT);
    assertThat(detect("\u000b" + tag + ">")).isEqualTo(UNKNOWN);
  }

  @Test
  void detect_signature_givesItsType() {
    assertThat(detect("<?xml")).isEqualTo("text/xml; charset=utf-8");
    assertThat(detect(" \n<?xml version='1.0'?>")).isEqualTo("text/xml; charset=utf-8");
    assertThat(detect("%PDF-1.7")).isEqualTo("application/pdf");
    assertThat(detect("%!PS-Adobe-3")).isEqualTo("application/postscript");
    assertThat(detect("\u00fe\u00ff\0a")).isEqualTo("text/plain; charset=utf-16be");
    assertThat(detect("\u00ff\u00fea\0")).isEqualTo("text/plain; charset=utf-16le");
    assertThat(detect("\u00ef\u00bb\u00bf\0")).isEqualTo(TEXT);
    assertThat(detect("GIF87a")).isEqualTo("image/gif");
    assertThat(detect("GIF89a")).isEqualTo("image/gif");
    assertThat(detect("\u0089PNG\r\n\u001a\n")).isEqualTo("image/png");
    assertThat(detect("\u00ff\u00d8\u00ff")).isEqualTo("image/jpeg");
    assertThat(detect("BM")).isEqualTo("image/bmp");
    assertThat(detect("RIFF\0\0\0\0WEBPVP")).isEqualTo("image/webp");
    assertThat(detect("\0\0\u0001\0")).isEqualTo("image/x-icon");
    assertThat(detect("\0\0\u0002\0")).isEqualTo("image/x-icon");
    assertThat(detect("OggS\0")).isEqualTo("application/ogg");
    assertThat(detect("RIFF1234WAVE")).isEqualTo("audio/wave");
    assertThat(detect("\u001aE\u00df\u00a3")).isEqualTo("video/webm");
    assertThat(detect("Rar!\u001a\u0007\0")).isEqualTo("application/x-rar-compressed");
    assertThat(detect("Rar!\u001a\u0007\u0001\0")).isEqualTo("application/x-rar-compressed");
    assertThat(detect("FORM\u00ff\u00ff\u00ff\u00ffAIFF")).isEqualTo("audio/aiff");
    assertThat(detect("ID3")).isEqualTo("audio/mpeg");
    assertThat(detect("MThd\0\0\0\u0006")).isEqualTo("audio/midi");
    assertThat(detect("RIFF\0\0\0\0AVI ")).isEqualTo("video/avi");
    assertThat(detect("x".repeat(34) + "LP")).isEqualTo("application/vnd.ms-fontobject");
    assertThat(detect("\0\u0001\0\0")).isEqualTo("font/ttf");
    assertThat(detect("OTTO")).isEqualTo("font/otf");
    assertThat(detect("ttcf")).isEqualTo("font/collection");
    assertThat(detect("wOFF")).isEqualTo("font/woff");
    assertThat(detect("wOF2")).isEqualTo("font/woff2");
    assertThat(detect("\0asm")).isEqualTo("application/wasm");
    assertThat(detect("PK\u0003\u0004")).isEqualTo("application/zip");
    assertThat(detect("\u001f\u008b\b")).isEqualTo("application/x-gzip");
  }

  @Test
  void detect_signatureCutShort_isNone() {
    assertThat(detect("GIF87")).isEqualTo(TEXT);
    assertThat(detect("<?xm")).isEqualTo(TEXT);
    assertThat(detect("\u00fe\u00ffa")).isEqualTo(TEXT);
    assertThat(detect("\u00ef\u00bb\u00bf")).isEqualTo(TEXT);
    assertThat(detect("RIFF\0\0\0\0WEBPV")).isEqualTo(UNKNOWN);
    assertThat(detect("x".repeat(34) + "L")).isEqualTo(TEXT);
    assertThat(detect("B")).isEqualTo(TEXT);
  }

  @Test
  void detect_mp4_needsABrandWithinABoxOfWholeWords() {
    assertThat(detect("\0\0\0\u0010ftypmp42\0\0\0\0")).isEqualTo("video/mp4");
    assertThat(detect("\0\0\0\u0014ftypisom\0\0\0\0mp41")).isEqualTo("video/mp4");
    assertThat(detect("\0\0\0\u0010ftypisommp42")).isEqualTo(UNKNOWN);
    assertThat(detect("\0\0\0\u0012ftypmp42\0\0\0\0\0\0")).isEqualTo(UNKNOWN);
    assertThat(detect("\0\0\0\u0018ftypmp42\0\0\0\0")).isEqualTo(UNKNOWN);
    assertThat(detect("\u00ff\u00ff\u00ff\u00f0ftypmp42\0\0\0\0")).isEqualTo(UNKNOWN);
    assertThat(detect("\0\0\0\bftypmp4")).isEqualTo(UNKNOWN);
  }

  @Test
  void detect_controlCharacters_makeItBinaryExceptEscapeAndSpaces() {
    for (int b = 0; b < 256; b++) {
      boolean text = b > 0x1f || b == 0x09 || b == 0x0a || b == 0x0c || b == 0x0d || b == 0x1b;

      String type = ContentTypes.detect(new byte[] {'x', (byte) b});

      assertThat(type).as("byte %d", b).isEqualTo(text ? TEXT : UNKNOWN);
    }
  }

  @Test
  void detect_beyond512Bytes_isNotLookedAt() {
    byte[] value = new byte[513];
    Arrays.fill(value, (byte) 'x');
    value[512] = 0;
    assertThat(ContentTypes.detect(value)).isEqualTo(TEXT);

    value[511] = 0;
    assertThat(ContentTypes.detect(value)).isEqualTo(UNKNOWN);
  }

  @Test
  void detect_onlySpace_isText() {
    assertThat(detect(" \n\t")).isEqualTo(TEXT);
  }

  /** Values made by splicing signatures at random, each with what Go 1.26 says of it. */
  @Test
  void detect_spliced_asGoDoes() throws IOException {
    int lines = 0;
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(getClass().getResourceAsStream("content-types.txt")),
                StandardCharsets.US_ASCII))) {
      String line;
      while ((line = reader.readLine()) != null) {
        int space = line.indexOf(' ');
        byte[] value = HexFormat.of().parseHex(line, 0, space);

        assertThat(ContentTypes.detect(value)).as(line).isEqualTo(line.substring(space + 1));
        lines++;
      }
    }
    assertThat(lines).isGreaterThan(900);
  }

  private static String detect(String latin1) {
    return ContentTypes.detect(latin1.getBytes(StandardCharsets.ISO_8859_1));
  }
}
