#!/bin/sh
# Made these files with OpenSSL 3.0: one RSA and one EC key (plain.*), encrypted in each way that openssl knows.
# The passphrase is "s3crét", in UTF-8;
# for the one of PKCS#8 version 1, "secret".
set -eu
cd "$(dirname "$0")"
pass=pass:s3crét
[ -f plain.rsa.key.pem ] || openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out plain.rsa.key.pem 2>/dev/null
[ -f plain.ec.key.pem ] || openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:prime256v1 -out plain.ec.key.pem

older() { # name, program, cipher
  openssl "$2" -in "plain.$2.key.pem" $([ "$2" = rsa ] && echo -traditional) "-$3" -passout "$pass" -out "$1.$2.key.pem" 2>/dev/null
}
for cipher in aes128 aes192 aes256 des3; do
  older "older-$cipher" rsa "$cipher"
  older "older-$cipher" ec "$cipher"
done
openssl rsa -in plain.rsa.key.pem -traditional -camellia128 -passout "$pass" -out unknown-camellia128.rsa.key.pem 2>/dev/null

pkcs8() { # name, options
  name=$1
  shift
  openssl pkcs8 -topk8 -in plain.ec.key.pem -passout "$pass" -out "pkcs8-$name.ec.key.pem" "$@"
}
pkcs8 default
pkcs8 aes128 -v2 aes-128-cbc
pkcs8 aes192 -v2 aes-192-cbc
pkcs8 des3 -v2 des3
for hash in SHA1 SHA224 SHA384 SHA512; do
  pkcs8 "$hash" -v2prf "hmacWith$hash"
done
pkcs8 iterations -iter 50000
pkcs8 scrypt -scrypt
pass=pass:secret pkcs8 v1 -v1 PBE-SHA1-3DES
mv pkcs8-v1.ec.key.pem ascii-v1.ec.key.pem
