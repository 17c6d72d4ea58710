# Whether the built application is the one that the sources say. Sourced.

# is_fresh ROOT: sets built, the name of the built application's folder, or fails.
is_fresh() {
  fresh_app=$1/cli/target/app
  [ -r "$fresh_app/current" ] && read -r built < "$fresh_app/current" || return 1
  [ -d "$fresh_app/$built" ] || return 1
  fresh_root=$1
  set -- "$1/pom.xml" "$1/.mvn" "$1/cli/launch"
  for fresh_module in "$fresh_root"/* "$fresh_root"/protocol/*; do
    case $fresh_module in
      */testing | */benchmarks | *-tests) ;;
      *) [ ! -d "$fresh_module/src/main" ] ||
        set -- "$@" "$fresh_module/pom.xml" "$fresh_module/src/main" ;;
    esac
  done
  # A folder is newer when a file in it was added or removed.
  [ -z "$(find "$@" -newer "$fresh_app/current" 2>&1)" ]
}
