package io.restpipe.cef;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The zone that a time names. An abbreviation is an offset whatever the season: EDT is four hours
 * behind UTC in winter too, where a clock in New York shows EST.
 */
final class ZoneNames {

  // A table of our own, since what the JDK knows depends on its release and locale data. Where two
  // zones share an abbreviation, it is the one that more producers of events mean.
  private static final Map<String, ZoneOffset> OFFSETS =
      table(
          // Universal time and Europe.
          "Z+00:00 UTC+00:00 UT+00:00 GMT+00:00 WET+00:00 WEST+01:00 BST+01:00 CET+01:00 MET+01:00"
              + " MEZ+01:00 CEST+02:00 MEST+02:00 MESZ+02:00 EET+02:00 EEST+03:00 MSK+03:00"
              + " MSD+04:00 TRT+03:00 SAMT+04:00 AZOT-01:00 AZOST+00:00",
          // America.
          " NST-03:30 NDT-02:30 AST-04:00 ADT-03:00 EST-05:00 EDT-04:00 CST-06:00 CDT-05:00"
              + " MST-07:00 MDT-06:00 PST-08:00 PDT-07:00 AKST-09:00 AKDT-08:00 HST-10:00 HAST-10:00"
              + " HADT-09:00 ACT-05:00 AMT-04:00 ART-03:00 BOT-04:00 BRT-03:00 BRST-02:00 CLT-04:00"
              + " CLST-03:00 COT-05:00 ECT-05:00 EGT-02:00 EGST-01:00 FKT-03:00 FNT-02:00 GALT-06:00"
              + " GFT-03:00 GYT-04:00 PET-05:00 PMST-03:00 PMDT-02:00 PYT-03:00 SRT-03:00 UYT-03:00"
              + " VET-04:00 WGT-02:00 WGST-01:00",
          // Africa and the Indian Ocean.
          " CAT+02:00 CVT-01:00 EAT+03:00 SAST+02:00 WAT+01:00 IOT+06:00 MUT+04:00 MVT+05:00"
              + " RET+04:00 SCT+04:00 TFT+05:00",
          // Asia.
          " AFT+04:30 ALMT+05:00 AQTT+05:00 AZT+04:00 BDT+06:00 BNT+08:00 BTT+06:00 CHOT+08:00"
              + " GET+04:00 GST+04:00 HKT+08:00 HOVT+07:00 ICT+07:00 IDT+03:00 IRKT+08:00 IRST+03:30"
              + " IST+05:30 JST+09:00 KGT+06:00 KRAT+07:00 KST+09:00 MAGT+11:00 MMT+06:30 MYT+08:00"
              + " NOVT+07:00 NPT+05:45 OMST+06:00 ORAT+05:00 PETT+12:00 PHT+08:00 PKT+05:00"
              + " QYZT+05:00 SAKT+11:00 SGT+08:00 SRET+11:00 TJT+05:00 TLT+09:00 TMT+05:00"
              + " ULAT+08:00 UZT+05:00 VLAT+10:00 WIB+07:00 WIT+09:00 WITA+08:00 XJT+06:00"
              + " YAKT+09:00 YEKT+05:00",
          // Australia, the Pacific and Antarctica.
          " ACDT+10:30 ACST+09:30 ACWST+08:45 AEDT+11:00 AEST+10:00 AWST+08:00 LHST+10:30"
              + " LHDT+11:00 NZST+12:00 NZDT+13:00 ANAT+12:00 CCT+06:30 CHAST+12:45 CHADT+13:45"
              + " CHUT+10:00 CKT-10:00 CXT+07:00 DAVT+07:00 DDUT+10:00 EAST-06:00 EASST-05:00"
              + " FJT+12:00 GAMT-09:00 GILT+12:00 KOST+11:00 LINT+14:00 MART-09:30 MAWT+05:00"
              + " MHT+12:00 NCT+11:00 NFT+11:00 NFST+12:00 NRT+12:00 NUT-11:00 PGT+10:00 PHOT+13:00"
              + " PONT+11:00 PWT+09:00 ROTT-03:00 SBT+11:00 SST-11:00 SYOT+03:00 TAHT-10:00"
              + " TKT+13:00 TOT+13:00 TVT+12:00 VOST+05:00 VUT+11:00 WAKT+12:00 WFT+12:00"
              + " WSST+13:00");

  private ZoneNames() {}

  /**
   * An offset, a region, or an abbreviation of the table.
   *
   * @throws DateTimeException if it is none of them
   */
  static ZoneId zone(String name) {
    ZoneOffset known = OFFSETS.get(name.toUpperCase(Locale.ROOT));
    return known == null ? ZoneId.of(name) : known;
  }

  /** The zone of that name, in quotes or not, if there is one. */
  static Optional<ZoneId> find(String name) {
    try {
      return Optional.of(zone(name.replace("\"", "").strip()));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Map<String, ZoneOffset> table(String... parts) {
    Map<String, ZoneOffset> offsets = new HashMap<>();
    for (String entry : String.join("", parts).split(" ", -1)) {
      int sign = entry.length() - "+00:00".length();
      offsets.put(entry.substring(0, sign), ZoneOffset.of(entry.substring(sign)));
    }
    return Map.copyOf(offsets);
  }
}
