# Builds the measurements; run CLASS [ARGUMENT...] starts one in place of the shell.
mvn -q -pl benchmarks -am -DskipTests test-compile dependency:build-classpath \
  -DincludeScope=runtime -Dmdep.outputFile=target/bench.classpath
class_path=benchmarks/target/classes:$(cat benchmarks/target/bench.classpath)

run() {
  suite=dev.mayfly.benchmarks.$1
  shift
  # shellcheck disable=SC2086
  exec "$JAVA_HOME/bin/java" ${JAVA_OPTS:-} -cp "$class_path" "$suite" "$@"
}
