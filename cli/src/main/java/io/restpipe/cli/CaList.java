package io.restpipe.cli;

import io.restpipe.auth.identity.CertificateRecord;
import io.restpipe.auth.identity.CertificateRecord.State;
import io.restpipe.auth.identity.CertificateRegister;
import io.restpipe.config.Settings;
import io.restpipe.security.CertificateCheck;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code rp-ca list --dir DIR}: what was issued. */
@Command(
    sortOptions = false,
    description = "Lists the certificates that the authority has issued, the oldest first.")
final class CaList extends CaCommand {

  @Option(names = "--valid", description = "Only those that are valid now.")
  private boolean valid;

  @Option(names = "--json", description = "As JSON, with all that is known.")
  private boolean json;

  CaList(Terminal terminal) {
    super(terminal);
  }

  @Override
  void work(Settings settings) throws CommandException, IOException {
    Instant now = Instant.now();
    List<CertificateRecord> records =
        CertificateRegister.open(folder(), passphrases(settings)).all().stream()
            .filter(record -> !valid || record.state(now) == State.VALID)
            .toList();
    terminal().say(json ? json(records, now) : table(records, now).toString());
  }

  private static Table table(List<CertificateRecord> records, Instant now) {
    var table = new Table("NAME", "ROLE", "STATE", "NOT AFTER", "SERIAL");
    for (CertificateRecord record : records) {
      table.row(
          record.name(),
          record.role().toString(),
          state(record, now),
          record.notAfter().toString(),
          record.serialText());
    }
    return table;
  }

  private static String state(CertificateRecord record, Instant now) {
    return switch (record.state(now)) {
      case VALID ->
          "valid, " + CertificateCheck.words(Duration.between(now, record.notAfter())) + " left";
      case EXPIRED -> "expired";
      case REVOKED -> "revoked";
    };
  }

  private static String json(List<CertificateRecord> records, Instant now) {
    JsonMapper mapper = new JsonMapper();
    ArrayNode all = mapper.createArrayNode();
    for (CertificateRecord record : records) {
      ObjectNode one = all.addObject();
      one.put("name", record.name());
      one.put("role", record.role().toString());
      one.put("state", record.state(now).name().toLowerCase(Locale.ROOT));
      one.put("serial", record.serialText());
      one.put("notBefore", record.notBefore().toString());
      one.put("notAfter", record.notAfter().toString());
      one.put("issuedAt", record.issuedAt().toString());
      ArrayNode dns = one.putArray("dns");
      record.dnsNames().forEach(dns::add);
      ArrayNode ip = one.putArray("ip");
      record.addresses().forEach(ip::add);
      CertificateRecord.Revocation revocation = record.revocation();
      if (revocation != null) {
        one.put("revokedAt", revocation.at().toString());
        one.put("reason", revocation.reason().toString());
      }
    }
    return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(all);
  }
}
