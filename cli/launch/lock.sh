# One at a time, without flock, which macOS lacks. Sourced.

# acquire FOLDER: makes FOLDER, waiting while a live process holds it.
acquire() {
  while ! mkdir "$1" 2>/dev/null; do
    holder=
    [ ! -r "$1/pid" ] || read -r holder < "$1/pid" || :
    if [ -n "$holder" ] && ! kill -0 "$holder" 2>/dev/null; then
      # Only one of the waiting may take the lock of a process that died.
      mv "$1" "$1.dead.$$" 2>/dev/null && rm -rf "$1.dead.$$"
    else
      sleep 0.2
    fi
  done
  echo $$ > "$1/pid"
}

# release FOLDER
release() {
  rm -rf "$1"
}
