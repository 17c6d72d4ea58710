package dev.mayfly.store;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which keys a scan is about: those that begin with a prefix and in which a pattern is found.
 *
 * @param prefix empty: any
 * @param pattern RE2 syntax, unanchored, on the key's bytes as UTF-8; null: any
 */
public record KeyFilter(byte[] prefix, @Nullable Pattern pattern) {
  /** Every key. */
  public static final KeyFilter ALL = new KeyFilter(new byte[0], null);

  /** The keys that begin so. */
  public static KeyFilter prefix(byte[] prefix) {
    return new KeyFilter(prefix, null);
  }

  /**
   * The keys in which this pattern is found. Matching takes time linear in the key's length.
   *
   * @throws MayflyException PATTERN_INVALID
   */
  public static KeyFilter pattern(byte[] prefix, String pattern) {
    try {
      return new KeyFilter(prefix, Pattern.compile(pattern));
    } catch (PatternSyntaxException e) {
      throw new MayflyException(
          ErrorCode.PATTERN_INVALID, "pattern '%s': %s".formatted(pattern, e.getDescription()), e);
    }
  }

  /** Whether every key is one of them. */
  public boolean acceptsAll() {
    return prefix.length == 0 && pattern == null;
  }

  /** Whether the key is one of them. */
  public boolean accepts(byte[] key) {
    return beginsWithPrefix(key) && (pattern == null || pattern.matcher(key).find());
  }

  private boolean beginsWithPrefix(byte[] key) {
    return key.length >= prefix.length
        && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
  }
}
