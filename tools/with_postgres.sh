#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# with_postgres.sh CMD... - run CMD with a private throw-away PostgreSQL server in YAOSHI_TEST_PG.
#
# The cluster lives in a temporary directory, listens on a socket there and on a free loopback port, trusts only the
# local user's password, and is removed afterwards.  Exit code: that of CMD; 77 when PostgreSQL is not installed.
set -eu

if [ $# -eq 0 ]; then
    echo "usage: with_postgres.sh CMD..." >&2
    exit 2
fi

bin=
for d in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -t/ -k5 -rn) $(dirname "$(command -v initdb 2>/dev/null || echo /none/x)"); do
    if [ -x "$d/initdb" ] && [ -x "$d/pg_ctl" ]; then
        bin=$d
        break
    fi
done
if [ -z "$bin" ]; then
    echo "with_postgres.sh: skipped: PostgreSQL is not installed (apt-get install postgresql)" >&2
    exit 77
fi

# PostgreSQL refuses to run as root: there an unprivileged user owns the cluster.
if [ "$(id -u)" -eq 0 ]; then
    owner=postgres
    id "$owner" >/dev/null 2>&1 || owner=nobody
    as_owner() { setpriv --reuid="$owner" --regid="$(id -g "$owner")" --clear-groups "$@"; }
else
    owner=$(id -un)
    as_owner() { "$@"; }
fi

dir=$(mktemp -d -t yaoshi-pg.XXXXXX)
started=0
cleanup() {
    [ "$started" -eq 0 ] || (cd / && as_owner "$bin/pg_ctl" -D "$dir/data" -m immediate -w stop >/dev/null 2>&1) || true
    rm -rf "$dir"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

chmod 755 "$dir"
mkdir "$dir/data" "$dir/socket"
password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
printf '%s\n' "$password" >"$dir/password"
[ "$(id -u)" -ne 0 ] || chown -R "$owner" "$dir"
here=$PWD
cd /
if ! as_owner "$bin/initdb" -D "$dir/data" -U yaoshi -A scram-sha-256 --pwfile="$dir/password" -E UTF8 --locale=C \
    --no-sync >"$dir/log" 2>&1; then
    echo "with_postgres.sh: initdb failed:" >&2
    cat "$dir/log" >&2
    exit 1
fi

# A port is free when the server gets it; another program may be faster, so a few are tried.
tries=0
port=$((20000 + $$ % 20000))
while :; do
    if as_owner "$bin/pg_ctl" -D "$dir/data" -l "$dir/server.log" -w -t 30 -o "-p $port -c listen_addresses=127.0.0.1 \
-c unix_socket_directories=$dir/socket -c fsync=off -c full_page_writes=off" start >"$dir/log" 2>&1; then
        started=1
        break
    fi
    tries=$((tries + 1))
    port=$((port + 37))
    if [ $tries -ge 20 ]; then
        echo "with_postgres.sh: the server does not start:" >&2
        cat "$dir/server.log" >&2
        exit 1
    fi
done

YAOSHI_TEST_PG="postgresql://yaoshi:$password@127.0.0.1:$port/postgres"
export YAOSHI_TEST_PG
cd "$here"
status=0
"$@" || status=$?
exit $status
