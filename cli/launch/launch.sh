# How the program is started. Sourced by the launcher and by the training run, so that both
# agree to the letter: a start-up cache serves only the options that it was trained with.

# kind_of ARG...: sets kind, serve, stored, stress or client, from the command among the arguments.
# A server that keeps its store on disk is a kind of its own: what it needs for that would cost one
# in memory 15 MB. One whose place is told in a file of settings only starts slower.
kind_of() {
  kind=client
  case ${1:-} in
    # A balancer runs for long, too, and on the same libraries.
    serve | balance) kind=serve ;;
    stress) kind=stress ;;
    -*)
      for argument; do
        case $argument in
          serve | balance) kind=serve ;;
          stress) kind=stress ;;
        esac
      done ;;
  esac
  [ "$kind" = serve ] || return 0
  [ -z "${MAYFLY_DATA:-}${MAYFLY_DATABASE:-}" ] || kind=stored
  for argument; do
    case $argument in
      --data | --data=* | --database | --database=*) kind=stored ;;
      balance) kind=serve && return 0 ;;
    esac
  done
}

# options_for KIND FILE: sets jvm_options.
options_for() {
  jvm_options=
  options_kind=$1
  [ "$1" != stored ] || options_kind=serve
  while read -r option_kind option; do
    case $option_kind in
      all | "$options_kind") jvm_options="$jvm_options $option" ;;
    esac
  done < "$2"
}

# cache_for APP KIND JAVA_ID: sets cache, a file beside the jars it was trained on.
cache_for() {
  cache=$1/$2
  cache_ifs=$IFS
  IFS='/ "+:'
  # shellcheck disable=SC2086 # splitting turns a path and a version into words
  set -- $3
  IFS=_
  cache=$cache.$*.aot
  IFS=$cache_ifs
}
