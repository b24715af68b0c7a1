package io.restpipe.cef;

import static io.restpipe.cef.CefKey.Audience.BOTH;
import static io.restpipe.cef.CefKey.Audience.CONSUMER;
import static io.restpipe.cef.CefKey.Audience.PRODUCER;

import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The extension keys of the standard's dictionary. This is the one table: {@code docs/cef.md} is
 * made from it, and a test holds the comments here to the meanings beside them.
 */
public final class CefKeys {

  // Before the keys, which enter themselves.
  private static final List<CefKey<?>> TABLE = new ArrayList<>();
  private static final Map<String, CefKey<?>> BY_NAME = new HashMap<>();

  /** What the device did about it, such as blocked. */
  public static final CefKey<String> ACT =
      text("act", "deviceAction", PRODUCER, 63, "What the device did about it, such as blocked.");

  /** Application protocol, such as HTTPS or SSHv2. */
  public static final CefKey<String> APP =
      text(
          "app",
          "applicationProtocol",
          PRODUCER,
          31,
          "Application protocol, such as HTTPS or SSHv2.");

  /** IPv6 address that no other key fits; its label says what it is. */
  public static final CefKey<InetAddress> C6A1 =
      ipv6(
          "c6a1",
          "deviceCustomIPv6Address1",
          PRODUCER,
          "IPv6 address that no other key fits; its label says what it is.");

  /** What c6a1 is. */
  public static final CefKey<String> C6A1_LABEL =
      text("c6a1Label", "deviceCustomIPv6Address1Label", PRODUCER, 1023, "What c6a1 is.");

  /** IPv6 address that no other key fits; its label says what it is. */
  public static final CefKey<InetAddress> C6A2 =
      ipv6(
          "c6a2",
          "deviceCustomIPv6Address2",
          PRODUCER,
          "IPv6 address that no other key fits; its label says what it is.");

  /** What c6a2 is. */
  public static final CefKey<String> C6A2_LABEL =
      text("c6a2Label", "deviceCustomIPv6Address2Label", PRODUCER, 1023, "What c6a2 is.");

  /** IPv6 address that no other key fits; its label says what it is. */
  public static final CefKey<InetAddress> C6A3 =
      ipv6(
          "c6a3",
          "deviceCustomIPv6Address3",
          PRODUCER,
          "IPv6 address that no other key fits; its label says what it is.");

  /** What c6a3 is. */
  public static final CefKey<String> C6A3_LABEL =
      text("c6a3Label", "deviceCustomIPv6Address3Label", PRODUCER, 1023, "What c6a3 is.");

  /** IPv6 address that no other key fits; its label says what it is. */
  public static final CefKey<InetAddress> C6A4 =
      ipv6(
          "c6a4",
          "deviceCustomIPv6Address4",
          PRODUCER,
          "IPv6 address that no other key fits; its label says what it is.");

  /** What c6a4 is. */
  public static final CefKey<String> C6A4_LABEL =
      text("c6a4Label", "deviceCustomIPv6Address4Label", PRODUCER, 1023, "What c6a4 is.");

  /** Category in the device's own scheme, such as /Monitor/Disk/Read. */
  public static final CefKey<String> CAT =
      text(
          "cat",
          "deviceEventCategory",
          PRODUCER,
          1023,
          "Category in the device's own scheme, such as /Monitor/Disk/Read.");

  /** Fraction that no other key fits; its label says what it is. */
  public static final CefKey<Double> CFP1 =
      fraction(
          "cfp1",
          "deviceCustomFloatingPoint1",
          PRODUCER,
          "Fraction that no other key fits; its label says what it is.");

  /** What cfp1 is. */
  public static final CefKey<String> CFP1_LABEL =
      text("cfp1Label", "deviceCustomFloatingPoint1Label", PRODUCER, 1023, "What cfp1 is.");

  /** Fraction that no other key fits; its label says what it is. */
  public static final CefKey<Double> CFP2 =
      fraction(
          "cfp2",
          "deviceCustomFloatingPoint2",
          PRODUCER,
          "Fraction that no other key fits; its label says what it is.");

  /** What cfp2 is. */
  public static final CefKey<String> CFP2_LABEL =
      text("cfp2Label", "deviceCustomFloatingPoint2Label", PRODUCER, 1023, "What cfp2 is.");

  /** Fraction that no other key fits; its label says what it is. */
  public static final CefKey<Double> CFP3 =
      fraction(
          "cfp3",
          "deviceCustomFloatingPoint3",
          PRODUCER,
          "Fraction that no other key fits; its label says what it is.");

  /** What cfp3 is. */
  public static final CefKey<String> CFP3_LABEL =
      text("cfp3Label", "deviceCustomFloatingPoint3Label", PRODUCER, 1023, "What cfp3 is.");

  /** Fraction that no other key fits; its label says what it is. */
  public static final CefKey<Double> CFP4 =
      fraction(
          "cfp4",
          "deviceCustomFloatingPoint4",
          PRODUCER,
          "Fraction that no other key fits; its label says what it is.");

  /** What cfp4 is. */
  public static final CefKey<String> CFP4_LABEL =
      text("cfp4Label", "deviceCustomFloatingPoint4Label", PRODUCER, 1023, "What cfp4 is.");

  /** Number that no other key fits; its label says what it is. */
  public static final CefKey<Long> CN1 =
      number(
          "cn1",
          "deviceCustomNumber1",
          PRODUCER,
          "Number that no other key fits; its label says what it is.");

  /** What cn1 is. */
  public static final CefKey<String> CN1_LABEL =
      text("cn1Label", "deviceCustomNumber1Label", PRODUCER, 1023, "What cn1 is.");

  /** Number that no other key fits; its label says what it is. */
  public static final CefKey<Long> CN2 =
      number(
          "cn2",
          "deviceCustomNumber2",
          PRODUCER,
          "Number that no other key fits; its label says what it is.");

  /** What cn2 is. */
  public static final CefKey<String> CN2_LABEL =
      text("cn2Label", "deviceCustomNumber2Label", PRODUCER, 1023, "What cn2 is.");

  /** Number that no other key fits; its label says what it is. */
  public static final CefKey<Long> CN3 =
      number(
          "cn3",
          "deviceCustomNumber3",
          PRODUCER,
          "Number that no other key fits; its label says what it is.");

  /** What cn3 is. */
  public static final CefKey<String> CN3_LABEL =
      text("cn3Label", "deviceCustomNumber3Label", PRODUCER, 1023, "What cn3 is.");

  /** How often this event was seen; left out for once. */
  public static final CefKey<Long> CNT =
      integer(
          "cnt", "baseEventCount", PRODUCER, "How often this event was seen; left out for once.");

  /** Text that no other key fits; its label says what it is. */
  public static final CefKey<String> CS1 =
      text(
          "cs1",
          "deviceCustomString1",
          PRODUCER,
          4000,
          "Text that no other key fits; its label says what it is.");

  /** What cs1 is. */
  public static final CefKey<String> CS1_LABEL =
      text("cs1Label", "deviceCustomString1Label", PRODUCER, 1023, "What cs1 is.");

  /** Text that no other key fits; its label says what it is. */
  public static final CefKey<String> CS2 =
      text(
          "cs2",
          "deviceCustomString2",
          PRODUCER,
          4000,
          "Text that no other key fits; its label says what it is.");

  /** What cs2 is. */
  public static final CefKey<String> CS2_LABEL =
      text("cs2Label", "deviceCustomString2Label", PRODUCER, 1023, "What cs2 is.");

  /** Text that no other key fits; its label says what it is. */
  public static final CefKey<String> CS3 =
      text(
          "cs3",
          "deviceCustomString3",
          PRODUCER,
          4000,
          "Text that no other key fits; its label says what it is.");

  /** What cs3 is. */
  public static final CefKey<String> CS3_LABEL =
      text("cs3Label", "deviceCustomString3Label", PRODUCER, 1023, "What cs3 is.");

  /** Text that no other key fits; its label says what it is. */
  public static final CefKey<String> CS4 =
      text(
          "cs4",
          "deviceCustomString4",
          PRODUCER,
          4000,
          "Text that no other key fits; its label says what it is.");

  /** What cs4 is. */
  public static final CefKey<String> CS4_LABEL =
      text("cs4Label", "deviceCustomString4Label", PRODUCER, 1023, "What cs4 is.");

  /** Text that no other key fits; its label says what it is. */
  public static final CefKey<String> CS5 =
      text(
          "cs5",
          "deviceCustomString5",
          PRODUCER,
          4000,
          "Text that no other key fits; its label says what it is.");

  /** What cs5 is. */
  public static final CefKey<String> CS5_LABEL =
      text("cs5Label", "deviceCustomString5Label", PRODUCER, 1023, "What cs5 is.");

  /** Text that no other key fits; its label says what it is. */
  public static final CefKey<String> CS6 =
      text(
          "cs6",
          "deviceCustomString6",
          PRODUCER,
          4000,
          "Text that no other key fits; its label says what it is.");

  /** What cs6 is. */
  public static final CefKey<String> CS6_LABEL =
      text("cs6Label", "deviceCustomString6Label", PRODUCER, 1023, "What cs6 is.");

  /** DNS domain of the destination's full name. */
  public static final CefKey<String> DESTINATION_DNS_DOMAIN =
      text(
          "destinationDnsDomain",
          "destinationDnsDomain",
          PRODUCER,
          255,
          "DNS domain of the destination's full name.");

  /** Service aimed at, such as sshd. */
  public static final CefKey<String> DESTINATION_SERVICE_NAME =
      text(
          "destinationServiceName",
          "destinationServiceName",
          PRODUCER,
          1023,
          "Service aimed at, such as sshd.");

  /** Address of the destination after translation. */
  public static final CefKey<InetAddress> DESTINATION_TRANSLATED_ADDRESS =
      ipv4(
          "destinationTranslatedAddress",
          "destinationTranslatedAddress",
          PRODUCER,
          "Address of the destination after translation.");

  /** Port of the destination after translation, 0 to 65535. */
  public static final CefKey<Long> DESTINATION_TRANSLATED_PORT =
      integer(
          "destinationTranslatedPort",
          "destinationTranslatedPort",
          PRODUCER,
          "Port of the destination after translation, 0 to 65535.");

  /** Time that no other key fits; its label says what it is. */
  public static final CefKey<Instant> DEVICE_CUSTOM_DATE1 =
      time(
          "deviceCustomDate1",
          "deviceCustomDate1",
          PRODUCER,
          "Time that no other key fits; its label says what it is.");

  /** What deviceCustomDate1 is. */
  public static final CefKey<String> DEVICE_CUSTOM_DATE1_LABEL =
      text(
          "deviceCustomDate1Label",
          "deviceCustomDate1Label",
          PRODUCER,
          1023,
          "What deviceCustomDate1 is.");

  /** Time that no other key fits; its label says what it is. */
  public static final CefKey<Instant> DEVICE_CUSTOM_DATE2 =
      time(
          "deviceCustomDate2",
          "deviceCustomDate2",
          PRODUCER,
          "Time that no other key fits; its label says what it is.");

  /** What deviceCustomDate2 is. */
  public static final CefKey<String> DEVICE_CUSTOM_DATE2_LABEL =
      text(
          "deviceCustomDate2Label",
          "deviceCustomDate2Label",
          PRODUCER,
          1023,
          "What deviceCustomDate2 is.");

  /** Direction of the communication: 0 inbound, 1 outbound. */
  public static final CefKey<Long> DEVICE_DIRECTION =
      integer(
          "deviceDirection",
          "deviceDirection",
          PRODUCER,
          "Direction of the communication: 0 inbound, 1 outbound.");

  /** DNS domain of the device's full name. */
  public static final CefKey<String> DEVICE_DNS_DOMAIN =
      text(
          "deviceDnsDomain",
          "deviceDnsDomain",
          PRODUCER,
          255,
          "DNS domain of the device's full name.");

  /** Name that tells this device from all others. */
  public static final CefKey<String> DEVICE_EXTERNAL_ID =
      text(
          "deviceExternalId",
          "deviceExternalId",
          PRODUCER,
          255,
          "Name that tells this device from all others.");

  /** Facility that made the event, as syslog has it. */
  public static final CefKey<String> DEVICE_FACILITY =
      text(
          "deviceFacility",
          "deviceFacility",
          PRODUCER,
          1023,
          "Facility that made the event, as syslog has it.");

  /** Interface on which the data came in. */
  public static final CefKey<String> DEVICE_INBOUND_INTERFACE =
      text(
          "deviceInboundInterface",
          "deviceInboundInterface",
          PRODUCER,
          128,
          "Interface on which the data came in.");

  /** Windows domain of the device. */
  public static final CefKey<String> DEVICE_NT_DOMAIN =
      text("deviceNtDomain", "deviceNtDomain", PRODUCER, 255, "Windows domain of the device.");

  /** Interface on which the data went out. */
  public static final CefKey<String> DEVICE_OUTBOUND_INTERFACE =
      text(
          "deviceOutboundInterface",
          "deviceOutboundInterface",
          PRODUCER,
          128,
          "Interface on which the data went out.");

  /** Identifier of the payload that belongs to the event. */
  public static final CefKey<String> DEVICE_PAYLOAD_ID =
      text(
          "devicePayloadId",
          "devicePayloadId",
          PRODUCER,
          128,
          "Identifier of the payload that belongs to the event.");

  /** Process of the device that made the event. */
  public static final CefKey<String> DEVICE_PROCESS_NAME =
      text(
          "deviceProcessName",
          "deviceProcessName",
          PRODUCER,
          1023,
          "Process of the device that made the event.");

  /** Address of the device after translation. */
  public static final CefKey<InetAddress> DEVICE_TRANSLATED_ADDRESS =
      ipv4(
          "deviceTranslatedAddress",
          "deviceTranslatedAddress",
          PRODUCER,
          "Address of the device after translation.");

  /** Name of the destination host, fully qualified where known. */
  public static final CefKey<String> DHOST =
      text(
          "dhost",
          "destinationHostName",
          PRODUCER,
          1023,
          "Name of the destination host, fully qualified where known.");

  /** MAC address of the destination: six hexadecimal pairs with colons. */
  public static final CefKey<String> DMAC =
      mac(
          "dmac",
          "destinationMacAddress",
          PRODUCER,
          "MAC address of the destination: six hexadecimal pairs with colons.");

  /** Windows domain of the destination. */
  public static final CefKey<String> DNTDOM =
      text("dntdom", "destinationNtDomain", PRODUCER, 255, "Windows domain of the destination.");

  /** Process id at the destination. */
  public static final CefKey<Long> DPID =
      integer("dpid", "destinationProcessId", PRODUCER, "Process id at the destination.");

  /** Destination user's privileges: Administrator, User or Guest. */
  public static final CefKey<String> DPRIV =
      text(
          "dpriv",
          "destinationUserPrivileges",
          PRODUCER,
          1023,
          "Destination user's privileges: Administrator, User or Guest.");

  /** Process at the destination, such as sshd. */
  public static final CefKey<String> DPROC =
      text(
          "dproc",
          "destinationProcessName",
          PRODUCER,
          1023,
          "Process at the destination, such as sshd.");

  /** Port of the destination, 0 to 65535. */
  public static final CefKey<Long> DPT =
      integer("dpt", "destinationPort", PRODUCER, "Port of the destination, 0 to 65535.");

  /** IP address of the destination. */
  public static final CefKey<InetAddress> DST =
      ipv4("dst", "destinationAddress", PRODUCER, "IP address of the destination.");

  /** Time zone of the device. */
  public static final CefKey<String> DTZ =
      text("dtz", "deviceTimeZone", PRODUCER, 255, "Time zone of the device.");

  /** Id of the destination user. */
  public static final CefKey<String> DUID =
      text("duid", "destinationUserId", PRODUCER, 1023, "Id of the destination user.");

  /** Name of the destination user: who is acted upon. */
  public static final CefKey<String> DUSER =
      text(
          "duser",
          "destinationUserName",
          PRODUCER,
          1023,
          "Name of the destination user: who is acted upon.");

  /** IP address of the device. */
  public static final CefKey<InetAddress> DVC =
      ipv4("dvc", "deviceAddress", PRODUCER, "IP address of the device.");

  /** Name of the device host, fully qualified where known. */
  public static final CefKey<String> DVCHOST =
      text(
          "dvchost",
          "deviceHostName",
          PRODUCER,
          100,
          "Name of the device host, fully qualified where known.");

  /** MAC address of the device: six hexadecimal pairs with colons. */
  public static final CefKey<String> DVCMAC =
      mac(
          "dvcmac",
          "deviceMacAddress",
          PRODUCER,
          "MAC address of the device: six hexadecimal pairs with colons.");

  /** Id of the process on the device that made the event. */
  public static final CefKey<Long> DVCPID =
      integer(
          "dvcpid",
          "deviceProcessId",
          PRODUCER,
          "Id of the process on the device that made the event.");

  /** When what the event tells of ended. */
  public static final CefKey<Instant> END =
      time("end", "endTime", PRODUCER, "When what the event tells of ended.");

  /** The device's own id of the event. */
  public static final CefKey<String> EXTERNAL_ID =
      text("externalId", "externalId", PRODUCER, 40, "The device's own id of the event.");

  /** When the file was made. */
  public static final CefKey<Instant> FILE_CREATE_TIME =
      time("fileCreateTime", "fileCreateTime", PRODUCER, "When the file was made.");

  /** Hash of the file. */
  public static final CefKey<String> FILE_HASH =
      text("fileHash", "fileHash", PRODUCER, 255, "Hash of the file.");

  /** Id of the file, such as its inode. */
  public static final CefKey<String> FILE_ID =
      text("fileId", "fileId", PRODUCER, 1023, "Id of the file, such as its inode.");

  /** When the file was last changed. */
  public static final CefKey<Instant> FILE_MODIFICATION_TIME =
      time(
          "fileModificationTime",
          "fileModificationTime",
          PRODUCER,
          "When the file was last changed.");

  /** Full path of the file, its name included. */
  public static final CefKey<String> FILE_PATH =
      text("filePath", "filePath", PRODUCER, 1023, "Full path of the file, its name included.");

  /** Permissions of the file. */
  public static final CefKey<String> FILE_PERMISSION =
      text("filePermission", "filePermission", PRODUCER, 1023, "Permissions of the file.");

  /** Kind of file: pipe, socket and so on. */
  public static final CefKey<String> FILE_TYPE =
      text("fileType", "fileType", PRODUCER, 1023, "Kind of file: pipe, socket and so on.");

  /** Time kept for the customer; its label says what it is. */
  public static final CefKey<Instant> FLEX_DATE1 =
      time(
          "flexDate1",
          "flexDate1",
          PRODUCER,
          "Time kept for the customer; its label says what it is.");

  /** What flexDate1 is. */
  public static final CefKey<String> FLEX_DATE1_LABEL =
      text("flexDate1Label", "flexDate1Label", PRODUCER, 128, "What flexDate1 is.");

  /** Number kept for the customer; its label says what it is. */
  public static final CefKey<Long> FLEX_NUMBER1 =
      number(
          "flexNumber1",
          "flexNumber1",
          PRODUCER,
          "Number kept for the customer; its label says what it is.");

  /** What flexNumber1 is. */
  public static final CefKey<String> FLEX_NUMBER1_LABEL =
      text("flexNumber1Label", "flexNumber1Label", PRODUCER, 128, "What flexNumber1 is.");

  /** Number kept for the customer; its label says what it is. */
  public static final CefKey<Long> FLEX_NUMBER2 =
      number(
          "flexNumber2",
          "flexNumber2",
          PRODUCER,
          "Number kept for the customer; its label says what it is.");

  /** What flexNumber2 is. */
  public static final CefKey<String> FLEX_NUMBER2_LABEL =
      text("flexNumber2Label", "flexNumber2Label", PRODUCER, 128, "What flexNumber2 is.");

  /** Text kept for the customer; its label says what it is. */
  public static final CefKey<String> FLEX_STRING1 =
      text(
          "flexString1",
          "flexString1",
          PRODUCER,
          1023,
          "Text kept for the customer; its label says what it is.");

  /** What flexString1 is. */
  public static final CefKey<String> FLEX_STRING1_LABEL =
      text("flexString1Label", "flexString1Label", PRODUCER, 128, "What flexString1 is.");

  /** Text kept for the customer; its label says what it is. */
  public static final CefKey<String> FLEX_STRING2 =
      text(
          "flexString2",
          "flexString2",
          PRODUCER,
          1023,
          "Text kept for the customer; its label says what it is.");

  /** What flexString2 is. */
  public static final CefKey<String> FLEX_STRING2_LABEL =
      text("flexString2Label", "flexString2Label", PRODUCER, 128, "What flexString2 is.");

  /** Name of the file without its path. */
  public static final CefKey<String> FNAME =
      text("fname", "filename", PRODUCER, 1023, "Name of the file without its path.");

  /** Size of the file in bytes. */
  public static final CefKey<Long> FSIZE =
      integer("fsize", "fileSize", PRODUCER, "Size of the file in bytes.");

  /** Bytes that flowed from source to destination. */
  public static final CefKey<Long> IN =
      number("in", "bytesIn", PRODUCER, "Bytes that flowed from source to destination.");

  /** Free text with more detail; may hold line breaks. */
  public static final CefKey<String> MSG =
      text("msg", "message", PRODUCER, 1023, "Free text with more detail; may hold line breaks.");

  /** When the old file was made. */
  public static final CefKey<Instant> OLD_FILE_CREATE_TIME =
      time("oldFileCreateTime", "oldFileCreateTime", PRODUCER, "When the old file was made.");

  /** Hash of the old file. */
  public static final CefKey<String> OLD_FILE_HASH =
      text("oldFileHash", "oldFileHash", PRODUCER, 255, "Hash of the old file.");

  /** Id of the old file, such as its inode. */
  public static final CefKey<String> OLD_FILE_ID =
      text("oldFileId", "oldFileId", PRODUCER, 1023, "Id of the old file, such as its inode.");

  /** When the old file was last changed. */
  public static final CefKey<Instant> OLD_FILE_MODIFICATION_TIME =
      time(
          "oldFileModificationTime",
          "oldFileModificationTime",
          PRODUCER,
          "When the old file was last changed.");

  /** Name of the old file. */
  public static final CefKey<String> OLD_FILE_NAME =
      text("oldFileName", "oldFileName", PRODUCER, 1023, "Name of the old file.");

  /** Full path of the old file, its name included. */
  public static final CefKey<String> OLD_FILE_PATH =
      text(
          "oldFilePath",
          "oldFilePath",
          PRODUCER,
          1023,
          "Full path of the old file, its name included.");

  /** Permissions of the old file. */
  public static final CefKey<String> OLD_FILE_PERMISSION =
      text(
          "oldFilePermission", "oldFilePermission", PRODUCER, 1023, "Permissions of the old file.");

  /** Size of the old file in bytes. */
  public static final CefKey<Long> OLD_FILE_SIZE =
      integer("oldFileSize", "oldFileSize", PRODUCER, "Size of the old file in bytes.");

  /** Kind of the old file. */
  public static final CefKey<String> OLD_FILE_TYPE =
      text("oldFileType", "oldFileType", PRODUCER, 1023, "Kind of the old file.");

  /** Bytes that flowed from destination to source. */
  public static final CefKey<Long> OUT =
      number("out", "bytesOut", PRODUCER, "Bytes that flowed from destination to source.");

  /** How it ended: success or failure. */
  public static final CefKey<String> OUTCOME =
      text("outcome", "eventOutcome", PRODUCER, 63, "How it ended: success or failure.");

  /** Transport protocol, such as TCP or UDP. */
  public static final CefKey<String> PROTO =
      text("proto", "transportProtocol", PRODUCER, 31, "Transport protocol, such as TCP or UDP.");

  /** Why the event came to be, such as bad password, or an error code. */
  public static final CefKey<String> REASON =
      text(
          "reason",
          "reason",
          PRODUCER,
          1023,
          "Why the event came to be, such as bad password, or an error code.");

  /** URL that was asked for. */
  public static final CefKey<String> REQUEST =
      text("request", "requestUrl", PRODUCER, 1023, "URL that was asked for.");

  /** User agent of the request. */
  public static final CefKey<String> REQUEST_CLIENT_APPLICATION =
      text(
          "requestClientApplication",
          "requestClientApplication",
          PRODUCER,
          1023,
          "User agent of the request.");

  /** Where the request came from, such as the HTTP referrer. */
  public static final CefKey<String> REQUEST_CONTEXT =
      text(
          "requestContext",
          "requestContext",
          PRODUCER,
          2048,
          "Where the request came from, such as the HTTP referrer.");

  /** Cookies of the request. */
  public static final CefKey<String> REQUEST_COOKIES =
      text("requestCookies", "requestCookies", PRODUCER, 1023, "Cookies of the request.");

  /** Method of the request, such as GET. */
  public static final CefKey<String> REQUEST_METHOD =
      text("requestMethod", "requestMethod", PRODUCER, 1023, "Method of the request, such as GET.");

  /** When the device learned of the event. */
  public static final CefKey<Instant> RT =
      time("rt", "deviceReceiptTime", PRODUCER, "When the device learned of the event.");

  /** Name of the source host, fully qualified where known. */
  public static final CefKey<String> SHOST =
      text(
          "shost",
          "sourceHostName",
          PRODUCER,
          1023,
          "Name of the source host, fully qualified where known.");

  /** MAC address of the source: six hexadecimal pairs with colons. */
  public static final CefKey<String> SMAC =
      mac(
          "smac",
          "sourceMacAddress",
          PRODUCER,
          "MAC address of the source: six hexadecimal pairs with colons.");

  /** Windows domain of the source. */
  public static final CefKey<String> SNTDOM =
      text("sntdom", "sourceNtDomain", PRODUCER, 255, "Windows domain of the source.");

  /** DNS domain of the source's full name. */
  public static final CefKey<String> SOURCE_DNS_DOMAIN =
      text(
          "sourceDnsDomain",
          "sourceDnsDomain",
          PRODUCER,
          255,
          "DNS domain of the source's full name.");

  /** Service that made the event. */
  public static final CefKey<String> SOURCE_SERVICE_NAME =
      text(
          "sourceServiceName", "sourceServiceName", PRODUCER, 1023, "Service that made the event.");

  /** Address of the source after translation. */
  public static final CefKey<InetAddress> SOURCE_TRANSLATED_ADDRESS =
      ipv4(
          "sourceTranslatedAddress",
          "sourceTranslatedAddress",
          PRODUCER,
          "Address of the source after translation.");

  /** Port of the source after translation, 0 to 65535. */
  public static final CefKey<Long> SOURCE_TRANSLATED_PORT =
      integer(
          "sourceTranslatedPort",
          "sourceTranslatedPort",
          PRODUCER,
          "Port of the source after translation, 0 to 65535.");

  /** Process id at the source. */
  public static final CefKey<Long> SPID =
      integer("spid", "sourceProcessId", PRODUCER, "Process id at the source.");

  /** Source user's privileges: Administrator, User or Guest. */
  public static final CefKey<String> SPRIV =
      text(
          "spriv",
          "sourceUserPrivileges",
          PRODUCER,
          1023,
          "Source user's privileges: Administrator, User or Guest.");

  /** Process at the source. */
  public static final CefKey<String> SPROC =
      text("sproc", "sourceProcessName", PRODUCER, 1023, "Process at the source.");

  /** Port of the source, 0 to 65535. */
  public static final CefKey<Long> SPT =
      integer("spt", "sourcePort", PRODUCER, "Port of the source, 0 to 65535.");

  /** IP address of the source. */
  public static final CefKey<InetAddress> SRC =
      ipv4("src", "sourceAddress", PRODUCER, "IP address of the source.");

  /** When what the event tells of began. */
  public static final CefKey<Instant> START =
      time("start", "startTime", PRODUCER, "When what the event tells of began.");

  /** Id of the source user. */
  public static final CefKey<String> SUID =
      text("suid", "sourceUserId", PRODUCER, 1023, "Id of the source user.");

  /** Name of the source user: who acts. */
  public static final CefKey<String> SUSER =
      text("suser", "sourceUserName", PRODUCER, 1023, "Name of the source user: who acts.");

  /** Kind of event: 0 base (left out), 1 aggregated, 2 correlation, 3 action. */
  public static final CefKey<Long> TYPE =
      integer(
          "type",
          "type",
          PRODUCER,
          "Kind of event: 0 base (left out), 1 aggregated, 2 correlation, 3 action.");

  /** Id of the resource that stands for the translated zone of the agent. */
  public static final CefKey<Long> AGENT_TRANSLATED_ZONE_KEY =
      number(
          "agentTranslatedZoneKey",
          "Agent Translated Zone Key",
          BOTH,
          "Id of the resource that stands for the translated zone of the agent.");

  /** Id of the resource that stands for the zone of the agent. */
  public static final CefKey<Long> AGENT_ZONE_KEY =
      number(
          "agentZoneKey",
          "Agent Zone Key",
          BOTH,
          "Id of the resource that stands for the zone of the agent.");

  /** Id of the resource that stands for the customer. */
  public static final CefKey<Long> CUSTOMER_KEY =
      number(
          "customerKey", "Customer Key", BOTH, "Id of the resource that stands for the customer.");

  /** Id of the resource that stands for the translated zone of the device. */
  public static final CefKey<Long> DEVICE_TRANSLATED_ZONE_KEY =
      number(
          "deviceTranslatedZoneKey",
          "Device Translated Zone Key",
          BOTH,
          "Id of the resource that stands for the translated zone of the device.");

  /** Id of the resource that stands for the zone of the device. */
  public static final CefKey<Long> DEVICE_ZONE_KEY =
      number(
          "deviceZoneKey",
          "Device Zone Key",
          BOTH,
          "Id of the resource that stands for the zone of the device.");

  /** Id of the resource that stands for the translated zone of the destination. */
  public static final CefKey<Long> D_TRANSLATED_ZONE_KEY =
      number(
          "dTranslatedZoneKey",
          "Destination Translated Zone Key",
          BOTH,
          "Id of the resource that stands for the translated zone of the destination.");

  /** Id of the resource that stands for the zone of the destination. */
  public static final CefKey<Long> D_ZONE_KEY =
      number(
          "dZoneKey",
          "Destination Zone Key",
          BOTH,
          "Id of the resource that stands for the zone of the destination.");

  /** Framework that threatAttackID is from. */
  public static final CefKey<String> FRAMEWORK_NAME =
      text("frameworkName", "Framework Name", BOTH, 256, "Framework that threatAttackID is from.");

  /** How long it took, in milliseconds. */
  public static final CefKey<Long> REPORTED_DURATION =
      number("reportedDuration", "Reported Duration", BOTH, "How long it took, in milliseconds.");

  /** Group of the resource in the system that sent the event. */
  public static final CefKey<String> REPORTED_RESOURCE_GROUP_NAME =
      text(
          "reportedResourceGroupName",
          "Reported Resource Group Name",
          BOTH,
          128,
          "Group of the resource in the system that sent the event.");

  /** Id of the resource in the system that sent the event. */
  public static final CefKey<String> REPORTED_RESOURCE_ID =
      text(
          "reportedResourceID",
          "Reported Resource ID",
          BOTH,
          256,
          "Id of the resource in the system that sent the event.");

  /** Name of the resource in the system that sent the event. */
  public static final CefKey<String> REPORTED_RESOURCE_NAME =
      text(
          "reportedResourceName",
          "Reported Resource Name",
          BOTH,
          64,
          "Name of the resource in the system that sent the event.");

  /** Type of the resource in the system that sent the event. */
  public static final CefKey<String> REPORTED_RESOURCE_TYPE =
      text(
          "reportedResourceType",
          "Reported Resource Type",
          BOTH,
          64,
          "Type of the resource in the system that sent the event.");

  /** Id of the resource that stands for the translated zone of the source. */
  public static final CefKey<Long> S_TRANSLATED_ZONE_KEY =
      number(
          "sTranslatedZoneKey",
          "Source Translated Zone Key",
          BOTH,
          "Id of the resource that stands for the translated zone of the source.");

  /** Id of the resource that stands for the zone of the source. */
  public static final CefKey<Long> S_ZONE_KEY =
      number(
          "sZoneKey",
          "Source Zone Key",
          BOTH,
          "Id of the resource that stands for the zone of the source.");

  /** Threat actor behind the event. */
  public static final CefKey<String> THREAT_ACTOR =
      text("threatActor", "Threat actor", BOTH, 40, "Threat actor behind the event.");

  /** Full id of the threat or attack in frameworkName. */
  public static final CefKey<String> THREAT_ATTACK_ID =
      text(
          "threatAttackID",
          "Threat Attack ID",
          BOTH,
          32,
          "Full id of the threat or attack in frameworkName.");

  /** DNS domain of the connector that handled the event. */
  public static final CefKey<String> AGENT_DNS_DOMAIN =
      text(
          "agentDnsDomain",
          "agentDnsDomain",
          CONSUMER,
          255,
          "DNS domain of the connector that handled the event.");

  /** Windows domain of the connector. */
  public static final CefKey<String> AGENT_NT_DOMAIN =
      text("agentNtDomain", "agentNtDomain", CONSUMER, 255, "Windows domain of the connector.");

  /** Address of the connector after translation. */
  public static final CefKey<InetAddress> AGENT_TRANSLATED_ADDRESS =
      address(
          "agentTranslatedAddress",
          "agentTranslatedAddress",
          CONSUMER,
          "Address of the connector after translation.");

  /** External id of the connector's translated zone. */
  public static final CefKey<String> AGENT_TRANSLATED_ZONE_EXTERNAL_ID =
      text(
          "agentTranslatedZoneExternalID",
          "agentTranslatedZoneExternalID",
          CONSUMER,
          200,
          "External id of the connector's translated zone.");

  /** URI of the connector's translated zone. */
  public static final CefKey<String> AGENT_TRANSLATED_ZONE_URI =
      text(
          "agentTranslatedZoneURI",
          "agentTranslatedZoneURI",
          CONSUMER,
          2048,
          "URI of the connector's translated zone.");

  /** External id of the connector's zone. */
  public static final CefKey<String> AGENT_ZONE_EXTERNAL_ID =
      text(
          "agentZoneExternalID",
          "agentZoneExternalID",
          CONSUMER,
          200,
          "External id of the connector's zone.");

  /** URI of the connector's zone. */
  public static final CefKey<String> AGENT_ZONE_URI =
      text("agentZoneURI", "agentZoneURI", CONSUMER, 2048, "URI of the connector's zone.");

  /** IP address of the connector. */
  public static final CefKey<InetAddress> AGT =
      address("agt", "agentAddress", CONSUMER, "IP address of the connector.");

  /** Host name of the connector. */
  public static final CefKey<String> AHOST =
      text("ahost", "agentHostName", CONSUMER, 1023, "Host name of the connector.");

  /** Id of the connector. */
  public static final CefKey<String> AID =
      text("aid", "agentId", CONSUMER, 40, "Id of the connector.");

  /** MAC address of the connector. */
  public static final CefKey<String> AMAC =
      mac("amac", "agentMacAddress", CONSUMER, "MAC address of the connector.");

  /** When the connector received the event. */
  public static final CefKey<Instant> ART =
      time("art", "agentReceiptTime", CONSUMER, "When the connector received the event.");

  /** Type of the connector. */
  public static final CefKey<String> AT =
      text("at", "agentType", CONSUMER, 63, "Type of the connector.");

  /** Time zone of the connector. */
  public static final CefKey<String> ATZ =
      text("atz", "agentTimeZone", CONSUMER, 255, "Time zone of the connector.");

  /** Version of the connector. */
  public static final CefKey<String> AV =
      text("av", "agentVersion", CONSUMER, 31, "Version of the connector.");

  /** Type of the device in the categories of the consumer. */
  public static final CefKey<String> CATDT =
      text(
          "catdt",
          "categoryDeviceType",
          CONSUMER,
          1023,
          "Type of the device in the categories of the consumer.");

  /** External id of the customer. */
  public static final CefKey<String> CUSTOMER_EXTERNAL_ID =
      text(
          "customerExternalID",
          "customerExternalID",
          CONSUMER,
          200,
          "External id of the customer.");

  /** URI of the customer. */
  public static final CefKey<String> CUSTOMER_URI =
      text("customerURI", "customerURI", CONSUMER, 2048, "URI of the customer.");

  /** External id of the translated zone of the destination. */
  public static final CefKey<String> DESTINATION_TRANSLATED_ZONE_EXTERNAL_ID =
      text(
          "destinationTranslatedZoneExternalID",
          "destinationTranslatedZoneExternalID",
          CONSUMER,
          200,
          "External id of the translated zone of the destination.");

  /** URI of the translated zone of the destination. */
  public static final CefKey<String> DESTINATION_TRANSLATED_ZONE_URI =
      text(
          "destinationTranslatedZoneURI",
          "destinationTranslatedZoneURI",
          CONSUMER,
          2048,
          "URI of the translated zone of the destination.");

  /** External id of the zone of the destination. */
  public static final CefKey<String> DESTINATION_ZONE_EXTERNAL_ID =
      text(
          "destinationZoneExternalID",
          "destinationZoneExternalID",
          CONSUMER,
          200,
          "External id of the zone of the destination.");

  /** URI of the zone of the destination. */
  public static final CefKey<String> DESTINATION_ZONE_URI =
      text(
          "destinationZoneURI",
          "destinationZoneURI",
          CONSUMER,
          2048,
          "URI of the zone of the destination.");

  /** External id of the translated zone of the device. */
  public static final CefKey<String> DEVICE_TRANSLATED_ZONE_EXTERNAL_ID =
      text(
          "deviceTranslatedZoneExternalID",
          "deviceTranslatedZoneExternalID",
          CONSUMER,
          200,
          "External id of the translated zone of the device.");

  /** URI of the translated zone of the device. */
  public static final CefKey<String> DEVICE_TRANSLATED_ZONE_URI =
      text(
          "deviceTranslatedZoneURI",
          "deviceTranslatedZoneURI",
          CONSUMER,
          2048,
          "URI of the translated zone of the device.");

  /** External id of the zone of the device. */
  public static final CefKey<String> DEVICE_ZONE_EXTERNAL_ID =
      text(
          "deviceZoneExternalID",
          "deviceZoneExternalID",
          CONSUMER,
          200,
          "External id of the zone of the device.");

  /** URI of the zone of the device. */
  public static final CefKey<String> DEVICE_ZONE_URI =
      text("deviceZoneURI", "deviceZoneURI", CONSUMER, 2048, "URI of the zone of the device.");

  /** Latitude of the destination's address. */
  public static final CefKey<Double> DLAT =
      fraction(
          "dlat", "destinationGeoLatitude", CONSUMER, "Latitude of the destination's address.");

  /** Longitude of the destination's address. */
  public static final CefKey<Double> DLONG =
      fraction(
          "dlong", "destinationGeoLongitude", CONSUMER, "Longitude of the destination's address.");

  /** Id that the consumer gave the event. */
  public static final CefKey<Long> EVENT_ID =
      number("eventId", "eventId", CONSUMER, "Id that the consumer gave the event.");

  /** When the manager received the event. */
  public static final CefKey<Instant> MRT =
      time("mrt", "managerReceiptTime", CONSUMER, "When the manager received the event.");

  /** The event as it came. */
  public static final CefKey<String> RAW_EVENT =
      text("rawEvent", "rawEvent", CONSUMER, 4000, "The event as it came.");

  /** Latitude of the source's address. */
  public static final CefKey<Double> SLAT =
      fraction("slat", "sourceGeoLatitude", CONSUMER, "Latitude of the source's address.");

  /** Longitude of the source's address. */
  public static final CefKey<Double> SLONG =
      fraction("slong", "sourceGeoLongitude", CONSUMER, "Longitude of the source's address.");

  /** External id of the translated zone of the source. */
  public static final CefKey<String> SOURCE_TRANSLATED_ZONE_EXTERNAL_ID =
      text(
          "sourceTranslatedZoneExternalID",
          "sourceTranslatedZoneExternalID",
          CONSUMER,
          200,
          "External id of the translated zone of the source.");

  /** URI of the translated zone of the source. */
  public static final CefKey<String> SOURCE_TRANSLATED_ZONE_URI =
      text(
          "sourceTranslatedZoneURI",
          "sourceTranslatedZoneURI",
          CONSUMER,
          2048,
          "URI of the translated zone of the source.");

  /** External id of the zone of the source. */
  public static final CefKey<String> SOURCE_ZONE_EXTERNAL_ID =
      text(
          "sourceZoneExternalID",
          "sourceZoneExternalID",
          CONSUMER,
          200,
          "External id of the zone of the source.");

  /** URI of the zone of the source. */
  public static final CefKey<String> SOURCE_ZONE_URI =
      text("sourceZoneURI", "sourceZoneURI", CONSUMER, 2048, "URI of the zone of the source.");

  private CefKeys() {}

  /** All of them, in the order of this table. */
  public static List<CefKey<?>> all() {
    return Collections.unmodifiableList(TABLE);
  }

  /** The key of that short name, such as {@code src}, in exactly that case. */
  public static Optional<CefKey<?>> find(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  private static CefKey<String> text(
      String name, String fullName, CefKey.Audience audience, int maxLength, String meaning) {
    return enter(
        new CefKey<>(name, fullName, CefType.STRING, String.class, audience, maxLength, meaning));
  }

  private static CefKey<String> mac(
      String name, String fullName, CefKey.Audience audience, String meaning) {
    return enter(name, fullName, CefType.MAC, String.class, audience, meaning);
  }

  private static CefKey<Long> integer(
      String name, String fullName, CefKey.Audience audience, String meaning) {
    return enter(name, fullName, CefType.INTEGER, Long.class, audience, meaning);
  }

  private static CefKey<Long> number(
      String name, String fullName, CefKey.Audience audience, String meaning) {
    return enter(name, fullName, CefType.LONG, Long.class, audience, meaning);
  }

  private static CefKey<Double> fraction(
      String name, String fullName, CefKey.Audience audience, String meaning) {
    return enter(name, fullName, CefType.DOUBLE, Double.class, audience, meaning);
  }

  private static CefKey<InetAddress> ipv4(
      String name, String fullName, CefKey.Audience audience, String meaning) {
    return enter(name, fullName, CefType.IPV4, InetAddress.class, audience, meaning);
  }

  private static CefKey<InetAddress> ipv6(
      String name, String fullName, CefKey.Audience audience, String meaning) {
    return enter(name, fullName, CefType.IPV6, InetAddress.class, audience, meaning);
  }

  private static CefKey<InetAddress> address(
      String name, String fullName, CefKey.Audience audience, String meaning) {
    return enter(name, fullName, CefType.ADDRESS, InetAddress.class, audience, meaning);
  }

  private static CefKey<Instant> time(
      String name, String fullName, CefKey.Audience audience, String meaning) {
    return enter(name, fullName, CefType.TIMESTAMP, Instant.class, audience, meaning);
  }

  private static <T> CefKey<T> enter(
      String name,
      String fullName,
      CefType type,
      Class<T> values,
      CefKey.Audience audience,
      String meaning) {
    return enter(new CefKey<>(name, fullName, type, values, audience, 0, meaning));
  }

  private static <T> CefKey<T> enter(CefKey<T> key) {
    TABLE.add(key);
    BY_NAME.put(key.name(), key);
    return key;
  }
}
