package io.restpipe.auth.password;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Hashes and their passwords, made by crypt(3), openssl passwd, htpasswd, passlib, Django, and
 * argon2.
 */
final class KnownHashes {

  static final String PASSWORD = "correct horse";
  static final String BCRYPT = "$2y$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e";

  static final Map<String, String> ALL = all();

  private KnownHashes() {}

  private static Map<String, String> all() {
    String bcrypt = BCRYPT.substring(4);
    var all = new LinkedHashMap<String, String>();
    for (String hash :
        new String[] {
          BCRYPT,
          "$2a$" + bcrypt,
          "$2b$" + bcrypt,
          "bcrypt$$2b$" + bcrypt,
          "$apr1$saltsalt$EGVZDNN6gOqijy.tv9axG/",
          "pbkdf2_sha256$1000$saltsaltsalt$F7o7+5VTVzFAO998X6s3AHrDsJVdMiIlgndIMe19NvY=",
          "pbkdf2_sha1$1000$saltsaltsalt$JfNU29qvQkW1UgahO6OQ0oP6O0I=",
          "pbkdf2:sha512:1000$saltsaltsalt$a1229c7b8486ad22ac25a6c25997e97b632654e3ed978a5a3a3a03d6"
              + "78cb763a3795ef6c301c2ad2aee2bc915cad7493310d078e53a7fc9e3c27d5997b8b91d2",
          "$pbkdf2-sha256$1000$c2FsdHNhbHRzYWx0$F7o7.5VTVzFAO998X6s3AHrDsJVdMiIlgndIMe19NvY",
          "$pbkdf2-sha512$1000$c2FsdHNhbHRzYWx0$oSKce4SGrSKsJabCWZfpe2MmVOPtl4paOjoD1njLdjo3le9sMBwq"
              + "0q7ivJFcrXSTMQ0HjlOn/J48J9WZe4uR0g",
          "$pbkdf2$1000$c2FsdHNhbHRzYWx0$JfNU29qvQkW1UgahO6OQ0oP6O0I",
          "$scrypt$ln=10,r=8,p=1$c2FsdHNhbHRzYWx0$JLoeRlAiVzz/fmBbrb3a7QkuecDu7wE6R0zHHE5DC7g",
          "scrypt:1024:8:1$saltsaltsalt$24ba1e465022573cff7e605badbddaed092e79c0eeef013a474cc71c4e4"
              + "30bb80a2720158f93a78503819d59879a9c6a18b83a54df9ed08b3d271b4284869020",
          "$1$saltsalt$NuzA7WTAelpl95xgBGWN60",
          "$5$rounds=1000$saltsalt$R6e4P8ccT9iMqkYg7Z8YtpId/lfsIfnuPkp8WXposU8",
          "$6$rounds=1000$saltsalt$4GMtaIz3E1AdDi2SmCokEW0ehi.HdxNDcL3fGE1XXuzvo6kbx7UOloZKONqEk5H3J"
              + "rQA4NOfU8BmqFPrpGqwA1",
          "$6$saltsaltsaltsalt$GkzgkzVbauGAKXpOTbypQEKy/9yJWVjcvXvDw7CxoJjnJ1.w.g1rV8bhCVTpHrRrO/h6b"
              + "3DAwPN3y5qmHXZ1R1",
          "{SHA}L55TUjtiq8FBorTWAZ0jy6g129A=",
          "{SSHA}awc/Cj0kafyFd5d8fGn07xoHBJJzYWx0c2FsdA==",
          "scrypt$1024$saltsaltsalt$8$1$JLoeRlAiVzz/fmBbrb3a7QkuecDu7wE6R0zHHE5DC7gKJyAVj5OnhQOBnVm"
              + "HmpxqGLg6VN+e0Is9JxtChIaQIA=="
        }) {
      all.put(hash, PASSWORD);
    }
    all.put(
        "$argon2i$v=19$m=65536,t=2,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub+b+dWRWJTmaaJObG", "password");
    return all;
  }
}
