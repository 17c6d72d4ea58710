# Finds a JDK 25 or newer. Sourced; find_jdk sets java_home and java_id, or fails.
# Reads each candidate's `release` file: starting every java would take seconds.

# release_of HOME: sets release_major and release_text from HOME/release, or fails.
release_of() {
  release_major='' release_text=''
  [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 1
  while IFS= read -r release_line || [ -n "$release_line" ]; do
    case $release_line in
      JAVA_VERSION=*)
        release_major=${release_line#*=}
        release_major=${release_major#\"}
        release_major=${release_major%\"}
        release_major=${release_major%%[.+-]*} ;;
      JAVA_RUNTIME_VERSION=* | OS_ARCH=*)
        release_text="$release_text ${release_line#*=}" ;;
    esac
  done < "$1/release"
  case $release_major in
    '' | *[!0-9]*) return 1 ;;
  esac
}

# usable HOME: whether HOME holds a JDK 25 or newer, with a compiler if jdk_needed is set.
usable() {
  [ -n "$1" ] && release_of "$1" && [ "$release_major" -ge 25 ] || return 1
  [ -z "${jdk_needed:-}" ] || [ -x "$1/bin/javac" ]
}

# on_path: prints the home of the java that PATH finds.
on_path() {
  path_java=$(command -v java) || return 1
  while [ -L "$path_java" ]; do
    path_link=$(readlink "$path_java") || return 1
    case $path_link in
      /*) path_java=$path_link ;;
      *) path_java=${path_java%/*}/$path_link ;;
    esac
  done
  printf '%s\n' "${path_java%/bin/java}"
}

# found HOME: takes HOME. Its path and version together name a start-up cache.
found() {
  java_home=$1 java_id="$1 $2"
}

# find_jdk: sets java_home and java_id. A JDK 25 is preferred to a newer one.
find_jdk() {
  java_home=
  if [ -n "${MAYFLY_JAVA_HOME:-}" ]; then
    if usable "$MAYFLY_JAVA_HOME"; then
      found "$MAYFLY_JAVA_HOME" "$release_text"
      return 0
    fi
    echo "mayfly: MAYFLY_JAVA_HOME is $MAYFLY_JAVA_HOME, which is no JDK 25 or newer" >&2
    return 1
  fi
  if usable "${JAVA_HOME:-}"; then
    found "$JAVA_HOME" "$release_text"
    return 0
  fi
  if [ -n "${java_remembered:-}" ] && usable "$java_remembered"; then
    found "$java_remembered" "$release_text"
    return 0
  fi
  newer='' newer_id=''
  for candidate in "$(on_path)" \
      /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /usr/local/java/* /opt/* /opt/java/* /opt/jdk/* \
      "${HOME:-/nonexistent}"/.sdkman/candidates/java/* "${HOME:-/nonexistent}"/.jdks/* \
      "${HOME:-/nonexistent}"/.asdf/installs/java/* \
      "${HOME:-/nonexistent}"/.local/share/mise/installs/java/* \
      /Library/Java/JavaVirtualMachines/*/Contents/Home \
      "${HOME:-/nonexistent}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
      /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
      /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
      "$([ ! -x /usr/libexec/java_home ] || /usr/libexec/java_home -v 25+ 2>/dev/null)"; do
    usable "$candidate" || continue
    if [ "$release_major" -eq 25 ]; then
      found "$candidate" "$release_text"
      return 0
    fi
    [ -n "$newer" ] || newer=$candidate newer_id=$release_text
  done
  if [ -n "$newer" ]; then
    found "$newer" "$newer_id"
    return 0
  fi
  cat >&2 <<'END'
mayfly: no JDK 25 or newer was found (looked at MAYFLY_JAVA_HOME, JAVA_HOME, PATH and the
usual folders). Install one, for example
  Debian, Ubuntu   apt install openjdk-25-jdk      macOS   brew install openjdk@25
  Fedora           dnf install java-25-openjdk-devel
  anywhere         https://adoptium.net, or: sdk install java 25-tem
and, if it is in an unusual place, set MAYFLY_JAVA_HOME to its folder.
END
  return 1
}
