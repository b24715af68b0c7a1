# Makes what stands in this folder, in the folder where it is run.
set -e
mk() { mkdir -p $1; touch $1/index.txt; echo unique_subject=no > $1/index.txt.attr; echo 01 > $1/crlnumber; echo 1000 > $1/serial; }
conf() { cat > $1.cnf <<X
[ca]
default_ca=d
[d]
database=$1/index.txt
serial=$1/serial
crlnumber=$1/crlnumber
new_certs_dir=$1
certificate=$1.crt.pem
private_key=$1.key.pem
default_md=sha256
policy=p
default_days=36000
default_crl_days=36000
unique_subject=no
x509_extensions=leaf
[p]
commonName=supplied
[leaf]
basicConstraints=critical,CA:FALSE
extendedKeyUsage=clientAuth
[inter]
basicConstraints=critical,CA:TRUE,pathlen:0
keyUsage=critical,keyCertSign,cRLSign
[crl]
authorityKeyIdentifier=keyid
[idp]
authorityKeyIdentifier=keyid
issuingDistributionPoint=critical,@point
[point]
fullname=URI:http://crl.example.com/ca.crl
[part]
issuingDistributionPoint=critical,@some
[some]
onlyCA=TRUE
X
}
key() { openssl ecparam -name prime256v1 -genkey -noout -out $1; }
root() { mk $1; conf $1; key $1.key.pem; openssl req -x509 -new -key $1.key.pem -days 36500 -subj "/CN=$2" -addext keyUsage=critical,${3:-keyCertSign,cRLSign} -out $1.crt.pem; }
root ca "crl test CA"; root namesake "crl test CA"; root nosign "no crl CA" keyCertSign
issue() { key $2.key.pem; openssl req -new -key $2.key.pem -subj "/CN=$2" -out $2.csr; openssl ca -batch -notext -config $1.cnf -in $2.csr -out $2.crt.pem ${3:+-extensions $3} 2>/dev/null; }
issue ca inter inter; issue ca badinter inter; mk inter; conf inter; mk badinter; conf badinter
issue ca good; issue ca stolen; issue inter deep; issue inter deepstolen; issue badinter orphan
crl() { openssl ca -config $1.cnf -gencrl -crlexts ${3:-crl} ${4:-} ${5:-} ${6:-} ${7:-} -out $2.crl.pem 2>/dev/null; }
crl ca empty
sleep 2
openssl ca -config ca.cnf -revoke stolen.crt.pem -crl_reason keyCompromise 2>/dev/null
openssl ca -config ca.cnf -revoke badinter.crt.pem 2>/dev/null
openssl ca -config inter.cnf -revoke deepstolen.crt.pem -crl_reason superseded 2>/dev/null
crl ca ca; crl inter inter; crl ca point idp; crl ca part part; crl namesake namesake; crl nosign nosign
crl ca old crl -crl_lastupdate 20200101000000Z -crl_nextupdate 20200201000000Z
openssl crl -in ca.crl.pem -outform DER -out ca.crl.der
