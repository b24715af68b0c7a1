#!/bin/sh
# Made these files with OpenSSL 3.0. Throw-away keys, valid from 2020 to 2120; "v1" is like what CaKit made:
# RSA, no extended key usage, no subject alternative name.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
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
unique_subject = no
[any]
organizationName = optional
commonName = supplied
[authority]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
CONF
touch "$work/index"

sign() { # name, subject, extension file and section, then how
  name=$1 subject=$2
  shift 2
  openssl req -new -key "$name.key.pem" -subj "$subject" -out "$work/request"
  openssl ca -batch -notext -config "$work/ca.conf" -in "$work/request" -out "$name.crt.pem" "$@" 2>"$work/log" || cat "$work/log"
}
authority() { # name, key options
  name=$1
  shift
  openssl genpkey "$@" -out "$name.key.pem" 2>/dev/null
  sign "$name" "/CN=openssl $name" -selfsign -keyfile "$name.key.pem" -extensions authority
}
issue() { # authority, name, extensions
  printf '%b' "$3" > "$work/extensions"
  sign "$2" "/O=RestPipe/CN=$2" -cert "$1.crt.pem" -keyfile "$1.key.pem" -extfile "$work/extensions"
}

authority rsa-ca -algorithm RSA -pkeyopt rsa_keygen_bits:2048
authority ec-ca -algorithm EC -pkeyopt ec_paramgen_curve:prime256v1

openssl genrsa -traditional -out rsa-pkcs1.key.pem 2048
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa-pkcs8.key.pem 2>/dev/null
openssl ecparam -name prime256v1 -genkey -out ec-sec1.key.pem
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:secp384r1 -out ec-pkcs8.key.pem
openssl genrsa -traditional -out v1.key.pem 2048
openssl pkcs8 -topk8 -in rsa-pkcs8.key.pem -passout pass:secret -out encrypted-pkcs8.key.pem
openssl rsa -traditional -aes128 -passout pass:secret -in rsa-pkcs8.key.pem -out encrypted-pkcs1.key.pem 2>/dev/null
openssl genpkey -algorithm ed25519 -out ed25519.key.pem

issue rsa-ca rsa-pkcs1 'extendedKeyUsage=clientAuth\n'
issue rsa-ca rsa-pkcs8 'extendedKeyUsage=serverAuth\nsubjectAltName=DNS:localhost,IP:127.0.0.1\n'
issue ec-ca ec-sec1 'extendedKeyUsage=clientAuth\nsubjectAltName=URI:restpipe://edge-7,DNS:edge.example.com\n'
issue ec-ca ec-pkcs8 'extendedKeyUsage=serverAuth,clientAuth\nsubjectAltName=DNS:localhost\n'
issue rsa-ca v1 'basicConstraints=CA:FALSE\n'

# An intermediate authority, and a client in two files at once: its own certificate, then the intermediate's.
openssl ecparam -name prime256v1 -genkey -noout -out intermediate.key.pem
issue ec-ca intermediate 'basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=keyCertSign\n'
openssl ecparam -name prime256v1 -genkey -noout -out leaf.key.pem
issue intermediate leaf 'extendedKeyUsage=clientAuth\n'
cat leaf.crt.pem intermediate.crt.pem > chain.crt.pem

rm -f intermediate.key.pem ec-ca.key.pem rsa-ca.key.pem intermediate.crt.pem
