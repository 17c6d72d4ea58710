# The Java runtime that comes with the application. Sourced; java_home is set.

# link_runtime LIB OUT: links what the jars in LIB need.
link_runtime() {
  modules=$("$java_home/bin/jdeps" --print-module-deps --ignore-missing-deps --multi-release 25 \
    -q --class-path "$1/*" "$1"/mayfly-*.jar)
  # Reached by name only: encodings of the terminal, secure sockets' curves, the flight recorder.
  modules=$modules,jdk.charsets,jdk.crypto.ec,jdk.jfr,jdk.management,jdk.unsupported
  # Not --strip-debug, which needs objcopy for libraries that have nothing left to strip.
  "$java_home/bin/jlink" --add-modules "$modules" --strip-java-debug-attributes --no-header-files \
    --no-man-pages --output "$2"
}
