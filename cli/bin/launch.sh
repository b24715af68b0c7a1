# Sourced by the start scripts, which set: bin (this folder), program (for messages), main (class).
#
# Fast because nothing is asked twice: the jars are built once (and again when a source is newer),
# and a class-data archive for this JVM is made from them once. Where the archive cannot be made
# or used, the start is merely slower.
#
# JAVA_HOME      the Java to run (else: java on the PATH)
# RP_JAVA_OPTS   more options for the JVM, parted by spaces

root=${bin%/cli/bin}
target=$root/cli/target
jar=$target/restpipe-cli.jar
built=$target/built

fail() {
  printf '%s: %s\n' "$program" "$1" >&2
  exit 4
}

# ---- Java: sets java, home (may be empty), version (17) and release (17.0.15).

find_java() {
  if [ -n "${JAVA_HOME:-}" ]; then
    java=$JAVA_HOME/bin/java
    home=$JAVA_HOME
    [ -x "$java" ] || fail "JAVA_HOME is $JAVA_HOME, but there is no bin/java in it: set JAVA_HOME to a JDK 17 or later"
  else
    java=$(command -v java) || fail "there is no java on the PATH: install a JDK 17 or later, or set JAVA_HOME"
    home=$(readlink -f "$java" 2>/dev/null) || home=
    home=${home%/bin/java}
  fi
  release=
  # The file says in no time what java -version takes as long for as a whole command.
  if [ -r "$home/release" ]; then
    while IFS= read -r line; do
      case $line in
        JAVA_VERSION=*)
          release=${line#JAVA_VERSION=}
          release=${release#\"}
          release=${release%\"}
          ;;
      esac
    done <"$home/release"
  fi
  if [ -z "$release" ]; then
    release=$("$java" -version 2>&1 | sed -n '1s/.*"\(.*\)".*/\1/p')
  fi
  version=${release%%[!0-9]*}
  case $version in
    '' | 1) version=8 ;;
  esac
  [ "$version" -ge 17 ] ||
    fail "this is Java $release ($java), but RestPipe needs 17 or later: install a JDK 17, or set JAVA_HOME to one"
}

# ---- The build: quiet, one at a time, and only where it is needed.

is_built() {
  [ -f "$jar" ] && [ -f "$built" ] && [ -z "$(newer_source)" ]
}

# A source or build file that is newer than the build, if any. Folders count: a file may be gone.
newer_source() {
  [ -f "$root/pom.xml" ] || return 0
  find "$root/pom.xml" "$root/core/pom.xml" "$root/auth/pom.xml" "$root/cef/pom.xml" \
    "$root/pipe/pom.xml" "$root/cli/pom.xml" "$root/core/src/main" "$root/auth/src/main" \
    "$root/cef/src/main" "$root/pipe/src/main" "$root/cli/src/main" \
    -newer "$built" -print 2>/dev/null | head -n 1
}

# Runs a function while no other start script does. A script that dies gives the lock up.
alone() {
  mkdir -p "$target" 2>/dev/null && [ -w "$target" ] || return 1
  if command -v flock >/dev/null 2>&1; then
    (
      flock -w 1200 9 || fail "another build has been running for 20 minutes ($target/lock): end it, and start again"
      "$@"
    ) 9>"$target/lock"
  else
    waited=0
    until mkdir "$target/lock.d" 2>/dev/null; do
      holder=$(cat "$target/lock.d/pid" 2>/dev/null)
      if [ -n "$holder" ] && ! kill -0 "$holder" 2>/dev/null; then
        rm -rf "$target/lock.d"
        continue
      fi
      waited=$((waited + 1))
      [ "$waited" -le 1200 ] || fail "another build has been running for 20 minutes: remove $target/lock.d, and start again"
      sleep 1
    done
    echo $$ >"$target/lock.d/pid"
    ("$@")
    result=$?
    rm -rf "$target/lock.d"
    return "$result"
  fi
}

build() {
  # Whoever had the lock before may have built it.
  is_built && return 0
  command -v mvn >/dev/null 2>&1 ||
    fail "RestPipe is not built yet, and there is no mvn on the PATH: install Maven 3.6.3 or later, or run mvn package elsewhere"
  if [ ! -x "$home/bin/javac" ] && ! command -v javac >/dev/null 2>&1; then
    fail "RestPipe is not built yet, and $java has no compiler: install a JDK 17 or later, or set JAVA_HOME to one"
  fi
  printf '%s: building RestPipe, once (this takes a minute) ...\n' "$program" >&2
  log=$target/build.log
  if ! (cd "$root" && ${home:+env JAVA_HOME="$home"} mvn -q -B -DskipTests -DskipLint \
    -pl cli -am package) >"$log" 2>&1 </dev/null; then
    cat "$log" >&2
    fail "the build failed; all that Maven said is above, and in $log"
  fi
  [ -f "$jar" ] || fail "the build made no $jar; what Maven said is in $log"
}

# ---- The class-data archive of this JVM.

archive_is_fresh() {
  [ -f "$archive" ] && [ ! "$archive" -ot "$built" ]
}

make_archive() {
  archive_is_fresh && return 0
  printf '%s: preparing fast starts on Java %s, once ...\n' "$program" "$release" >&2
  rm -f "$archive" "$archive".*
  # An empty file where it fails: the next start does not try again.
  "$java" -XX:ArchiveClassesAtExit="$archive.$$" -Xlog:all=off -Xlog:disable $quiet \
    -cp "$jar" io.restpipe.cli.Rehearsal >"$target/archive.log" 2>&1 </dev/null || : >"$archive.$$"
  [ -f "$archive.$$" ] || : >"$archive.$$"
  mv -f "$archive.$$" "$archive"
}

# ---- Starting.

find_java
# Nobody records Netty's memory by JFR here; asking for it takes longer than the rest of Netty.
quiet=-Dio.netty.jfr.enabled=false
if [ "$version" -ge 24 ]; then
  # Netty uses both, as it must; from JDK 24 on the JVM says so at each start.
  quiet="$quiet --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
fi
if ! is_built; then
  alone build
  result=$?
  # 1: nobody may write here, so the build there is must do, however old.
  [ "$result" -eq 0 ] || [ "$result" -eq 1 ] || exit "$result"
  [ -f "$jar" ] || fail "RestPipe is not built, and this user may not write $root/cli: run $program once as a user who may"
fi
options=
share=
archive=$target/classes-$release.jsa
archive_is_fresh || alone make_archive
if [ -s "$archive" ]; then
  options='-Xshare:auto -Xlog:cds=off -Xlog:cds+dynamic=off'
  share=-XX:SharedArchiveFile=$archive
fi
case ${1:-} in
  start) ;;
  # A command that is over in a moment has no use for the optimizing compiler.
  *) options="$options -XX:TieredStopAtLevel=1 -XX:+UseSerialGC" ;;
esac

# shellcheck disable=SC2086 # options are words
exec "$java" $options ${share:+"$share"} $quiet -Drestpipe.bin="$bin" \
  ${RP_JAVA_OPTS:-} -cp "$jar" "$main" "$@"
