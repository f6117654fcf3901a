#!/usr/bin/env bash
# A private Kerberos KDC for tests, on a free loopback port, in a directory of its own; needs no root.
#
#   kdc.sh available            exit 0 when the Debian packages krb5-kdc and krb5-admin-server are there
#   kdc.sh start DIR [HOST]     starts it; prints KEY=VALUE lines: KRB5_CONFIG, KDC_PID, KDC_PORT, KEYTAB (of HTTP/HOST)
#   kdc.sh stop DIR             ends it, by its process id
#
# Realm CONTOSO.LAB. Principals: svc-postern, svc-reader, and what KDC_USERS says ("name:password name:password").
set -euo pipefail
export PATH="$PATH:/usr/sbin:/sbin"
REALM=CONTOSO.LAB

available() { command -v krb5kdc >/dev/null && command -v kdb5_util >/dev/null && command -v kadmin.local >/dev/null; }

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

write_config() { # write_config DIR PORT
    cat > "$1/krb5.conf" <<EOF
[libdefaults]
    default_realm = $REALM
    dns_lookup_kdc = false
    dns_lookup_realm = false
    dns_canonicalize_hostname = false
    rdns = false
    udp_preference_limit = 1
    kdc_timeout = 3000
    max_retries = 1
    default_ccache_name = MEMORY:none
[realms]
    $REALM = {
        kdc = 127.0.0.1:$2
    }
[domain_realm]
    localhost = $REALM
    .contoso.lab = $REALM
EOF
    cat > "$1/kdc.conf" <<EOF
[kdcdefaults]
    kdc_listen = 127.0.0.1:$2
    kdc_tcp_listen = 127.0.0.1:$2
[realms]
    $REALM = {
        database_name = $1/principal
        key_stash_file = $1/stash
        acl_file = $1/acl
        max_life = 10h
        supported_enctypes = aes256-cts-hmac-sha1-96:normal
        default_principal_flags = +preauth
    }
[logging]
    kdc = FILE:$1/kdc.log
EOF
}

start() { # start DIR [HOST]
    local dir=$1 host=${2:-localhost} port user
    available || { echo "krb5-kdc is not installed" >&2; exit 3; }
    mkdir -p "$dir"
    port=$(free_port)
    write_config "$dir" "$port"
    export KRB5_CONFIG="$dir/krb5.conf" KRB5_KDC_PROFILE="$dir/kdc.conf"
    kdb5_util -r "$REALM" -P "test-only-$RANDOM$RANDOM" create -s >/dev/null 2>&1
    kadmin.local -r "$REALM" -q "addprinc -randkey HTTP/$host" >/dev/null 2>&1
    kadmin.local -r "$REALM" -q "ktadd -k $dir/http.keytab HTTP/$host" >/dev/null 2>&1
    for user in ${KDC_USERS:-svc-postern:Passw0rd svc-reader:Passw0rd}; do
        # On standard input, so that no process list shows a password.
        printf '%s\n%s\n' "${user#*:}" "${user#*:}" | kadmin.local -r "$REALM" addprinc "${user%%:*}" >/dev/null 2>&1
    done
    krb5kdc -n -r "$REALM" -P "$dir/kdc.pid" > "$dir/kdc.out" 2>&1 &
    for _ in $(seq 100); do
        if python3 -c "import socket; socket.create_connection(('127.0.0.1', $port), 1)" 2>/dev/null; then
            printf 'KRB5_CONFIG=%s\nKDC_PID=%s\nKDC_PORT=%s\nKEYTAB=%s\n' "$dir/krb5.conf" "$(cat "$dir/kdc.pid")" "$port" "$dir/http.keytab"
            return
        fi
        sleep 0.05
    done
    cat "$dir/kdc.out" >&2
    exit 1
}

stop() { # stop DIR
    [ -f "$1/kdc.pid" ] && kill "$(cat "$1/kdc.pid")" 2>/dev/null || true
}

case "${1:-}" in
    available) available ;;
    start) shift; start "$@" ;;
    stop) stop "$2" ;;
    *) sed -n '2,9p' "$0" >&2; exit 2 ;;
esac
