package dev.mayfly.store;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Content types that are told from the bytes of a value, for values whose client named none.
 *
 * <p>The table is that of Go's {@code http.DetectContentType}, which clients of the gRPC contract
 * know: the first 512 bytes decide, the first signature that fits wins.
 *
 * <p>Stateless; safe for concurrent use.
 */
public final class ContentTypes {
  private static final int SNIFFED_BYTES_MAX = 512;
  private static final String HTML = "text/html; charset=utf-8";
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String UNKNOWN = "application/octet-stream";

  private static final List<byte[]> HTML_TAGS =
      List.of(
          ascii("<!DOCTYPE HTML"),
          ascii("<HTML"),
          ascii("<HEAD"),
          ascii("<SCRIPT"),
          ascii("<IFRAME"),
          ascii("<H1"),
          ascii("<DIV"),
          ascii("<FONT"),
          ascii("<TABLE"),
          ascii("<A"),
          ascii("<STYLE"),
          ascii("<TITLE"),
          ascii("<B"),
          ascii("<BODY"),
          ascii("<BR"),
          ascii("<P"),
          ascii("<!--"));

  private static final byte[] XML = ascii("<?xml");
  private static final byte[] FTYP = ascii("ftyp");
  private static final byte[] MP4 = ascii("mp4");

  // In each signature a question mark stands for any byte.
  private static final List<Signature> BEFORE_MP4 =
      List.of(
          new Signature("%PDF-", "application/pdf"),
          new Signature("%!PS-Adobe-", "application/postscript"),
          new Signature("\u00fe\u00ff??", "text/plain; charset=utf-16be"),
          new Signature("\u00ff\u00fe??", "text/plain; charset=utf-16le"),
          new Signature("\u00ef\u00bb\u00bf?", TEXT),
          new Signature("\0\0\u0001\0", "image/x-icon"),
          new Signature("\0\0\u0002\0", "image/x-icon"),
          new Signature("BM", "image/bmp"),
          new Signature("GIF87a", "image/gif"),
          new Signature("GIF89a", "image/gif"),
          new Signature("RIFF????WEBPVP", "image/webp"),
          new Signature("\u0089PNG\r\n\u001a\n", "image/png"),
          new Signature("\u00ff\u00d8\u00ff", "image/jpeg"),
          new Signature("FORM????AIFF", "audio/aiff"),
          new Signature("ID3", "audio/mpeg"),
          new Signature("OggS\0", "application/ogg"),
          new Signature("MThd\0\0\0\u0006", "audio/midi"),
          new Signature("RIFF????AVI ", "video/avi"),
          new Signature("RIFF????WAVE", "audio/wave"));

  private static final List<Signature> AFTER_MP4 =
      List.of(
          new Signature("\u001aE\u00df\u00a3", "video/webm"),
          new Signature("?".repeat(34) + "LP", "application/vnd.ms-fontobject"),
          new Signature("\0\u0001\0\0", "font/ttf"),
          new Signature("OTTO", "font/otf"),
          new Signature("ttcf", "font/collection"),
          new Signature("wOFF", "font/woff"),
          new Signature("wOF2", "font/woff2"),
          new Signature("\u001f\u008b\b", "application/x-gzip"),
          new Signature("PK\u0003\u0004", "application/zip"),
          new Signature("Rar!\u001a\u0007\0", "application/x-rar-compressed"),
          new Signature("Rar!\u001a\u0007\u0001\0", "application/x-rar-compressed"),
          new Signature("\0asm", "application/wasm"));

  private ContentTypes() {}

  /** The content type of this value; empty for a value without bytes. */
  public static String detect(byte[] value) {
    if (value.length == 0) {
      return "";
    }
    int end = Math.min(value.length, SNIFFED_BYTES_MAX);
    int start = 0;
    while (start < end && isSpace(value[start])) {
      start++;
    }
    if (start < end && value[start] == '<') {
      if (isHtml(value, start, end)) {
        return HTML;
      }
      if (isAt(value, start, end, XML)) {
        return "text/xml; charset=utf-8";
      }
    }
    String found = firstOf(BEFORE_MP4, value, end);
    if (found == null && isMp4(value, end)) {
      found = "video/mp4";
    }
    if (found == null) {
      found = firstOf(AFTER_MP4, value, end);
    }
    if (found == null) {
      found = isText(value, start, end) ? TEXT : UNKNOWN;
    }
    return found;
  }

  private static @Nullable String firstOf(List<Signature> signatures, byte[] value, int end) {
    for (Signature signature : signatures) {
      if (signature.fits(value, end)) {
        return signature.contentType;
      }
    }
    return null;
  }

  private static boolean isHtml(byte[] value, int start, int end) {
    for (byte[] tag : HTML_TAGS) {
      if (end - start > tag.length && beginsWithTag(value, start, tag)) {
        byte next = value[start + tag.length];
        if (next == ' ' || next == '>') {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean beginsWithTag(byte[] value, int start, byte[] tag) {
    for (int i = 0; i < tag.length; i++) {
      boolean letter = tag[i] >= 'A' && tag[i] <= 'Z';
      int b = letter ? value[start + i] & 0xdf : value[start + i];
      if (b != tag[i]) {
        return false;
      }
    }
    return true;
  }

  private static boolean isMp4(byte[] value, int end) {
    if (end < 12 || !isAt(value, 4, end, FTYP)) {
      return false;
    }
    long boxBytes =
        (value[0] & 0xffL) << 24
            | (value[1] & 0xff) << 16
            | (value[2] & 0xff) << 8
            | (value[3] & 0xff);
    if (boxBytes > end || boxBytes % 4 != 0) {
      return false;
    }
    for (int at = 8; at < boxBytes; at += 4) {
      // The word at 12 is the minor version, no brand.
      if (at != 12 && isAt(value, at, end, MP4)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isText(byte[] value, int start, int end) {
    for (int i = start; i < end; i++) {
      int b = value[i] & 0xff;
      if (b <= 0x08 || b == 0x0b || (b >= 0x0e && b <= 0x1f && b != 0x1b)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAt(byte[] value, int at, int end, byte[] wanted) {
    if (end - at < wanted.length) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      if (value[at + i] != wanted[i]) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSpace(byte b) {
    return b == '\t' || b == '\n' || b == '\f' || b == '\r' || b == ' ';
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** A byte pattern, one character a byte, and what it tells. */
  private record Signature(String pattern, String contentType) {
    boolean fits(byte[] value, int end) {
      if (end < pattern.length()) {
        return false;
      }
      for (int i = 0; i < pattern.length(); i++) {
        char wanted = pattern.charAt(i);
        if (wanted != '?' && wanted != (value[i] & 0xff)) {
          return false;
        }
      }
      return true;
    }
  }
}
