#!/bin/sh
# Made these files with OpenSSL 3.0. Throw-away keys; the certificates are valid until 2126.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# An authority as docs/identities.md tells to make it, and a client of it from other days.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 \
  -subj "/CN=openssl CA" -addext "keyUsage=critical,keyCertSign,cRLSign" \
  -keyout ca.key.pem -out ca.crt.pem 2>/dev/null
openssl req -newkey rsa:2048 -nodes -subj "/CN=old client" -keyout "$work/key" -out "$work/csr" 2>/dev/null
openssl x509 -req -in "$work/csr" -CA ca.crt.pem -CAkey ca.key.pem -CAserial "$work/serial" -CAcreateserial \
  -days 36500 -out old.crt.pem 2>/dev/null

request() { # name, subject, key options, then extensions
  name=$1 subject=$2 key=$3
  shift 3
  set -- $(for extension in "$@"; do printf -- '-addext %s ' "$extension"; done)
  # shellcheck disable=SC2086 # options are words
  openssl req -newkey $key -nodes -subj "$subject" -keyout "$work/key" -out "$name.csr.pem" "$@" 2>/dev/null
}
ec="ec -pkeyopt ec_paramgen_curve:prime256v1"
request plain /CN=edge "$ec"
request rsa /CN=edge rsa:2048
request ed25519 /CN=edge ed25519
request p384 /CN=edge "ec -pkeyopt ec_paramgen_curve:secp384r1"
request no-subject / "$ec"
request organization /O=Example/OU=Pipes/CN=edge "$ec"
request all /CN=edge "$ec" subjectAltName=URI:restpipe://edge,DNS:edge.example.com,IP:10.1.2.3 \
  basicConstraints=critical,CA:FALSE keyUsage=critical,digitalSignature extendedKeyUsage=serverAuth
request ca /CN=edge "$ec" basicConstraints=critical,CA:TRUE
request cert-sign /CN=edge "$ec" keyUsage=keyCertSign
request crl-sign /CN=edge "$ec" keyUsage=digitalSignature,cRLSign
request other-name /CN=other "$ec"
request two-names /CN=edge/CN=other "$ec"
request other-uri /CN=edge "$ec" subjectAltName=URI:restpipe://other
request other-dns /CN=edge "$ec" subjectAltName=DNS:other.example.com
request other-ip /CN=edge "$ec" subjectAltName=IP:10.9.9.9
request wildcard /CN=edge "$ec" 'subjectAltName=DNS:*.example.com'
request wildcard-cn '/CN=*.example.com' "$ec"
request mail /CN=edge "$ec" subjectAltName=email:a@example.com
request server-usage /CN=edge "$ec" extendedKeyUsage=clientAuth,serverAuth
request any-usage /CN=edge "$ec" extendedKeyUsage=anyExtendedKeyUsage
request constraints /CN=edge "$ec" "nameConstraints=critical,permitted;DNS:example.com"
request weak-rsa /CN=edge rsa:1024
request weak-ec /CN=edge "ec -pkeyopt ec_paramgen_curve:prime192v1"
openssl req -in plain.csr.pem -outform DER -out plain.csr.der
sed 's/$/\r/' plain.csr.pem > windows.csr.pem
