#!/bin/sh
# Made these files with OpenSSL 3.0: an authority, a collector for localhost, a client. Throw-away
# keys, valid from 2020 to 2120.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
touch "$work/index"
cat > "$work/ca.conf" <<CONF
[ca]
default_ca = test
[test]
database = $work/index
new_certs_dir = $work
rand_serial = yes
default_md = sha256
policy = any
default_startdate = 20200101000000Z
default_enddate = 21200101000000Z
[any]
commonName = supplied
[authority]
basicConstraints = critical,CA:TRUE
[collector]
subjectAltName = DNS:localhost,IP:127.0.0.1
[client]
extendedKeyUsage = clientAuth
CONF

sign() { # name, where its key goes, then how
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$2"
  openssl req -new -key "$2" -subj "/CN=$1" -out "$work/csr"
  name=$1
  extensions=$3
  shift 3
  openssl ca -batch -notext -config "$work/ca.conf" -in "$work/csr" -extensions "$extensions" \
    -out "$name.crt.pem" "$@"
}

sign ca "$work/ca.key" authority -selfsign -keyfile "$work/ca.key"
sign collector collector.key.pem collector -keyfile "$work/ca.key" -cert ca.crt.pem
sign client client.key.pem client -keyfile "$work/ca.key" -cert ca.crt.pem
