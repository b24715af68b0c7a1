package io.restpipe;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between the packages of core and pipe. */
@AnalyzeClasses(packages = "io.restpipe", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String EVENT = "io.restpipe.event";
  private static final String METRICS = "io.restpipe.metrics";
  private static final String SECURITY = "io.restpipe.security";
  private static final String PIPE = "io.restpipe.pipe";
  private static final String WIRE = "io.restpipe.pipe.internal.wire";
  private static final String TLS = "io.restpipe.pipe.internal.tls";
  private static final String CONNECTION = "io.restpipe.pipe.internal.connection";

  @ArchTest
  static final ArchRule packages_have_no_rings =
      slices().matching("io.restpipe.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule events_need_the_jdk_only =
      classes()
          .that()
          .resideInAPackage(EVENT)
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("java..", "org.jspecify..", EVENT);

  @ArchTest
  static final ArchRule configuration_needs_the_jdk_and_jackson_only =
      classes()
          .that()
          .resideInAPackage("io.restpipe.config")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..", "org.jspecify..", "tools.jackson.core..", "io.restpipe.config");

  @ArchTest
  static final ArchRule core_knows_no_netty =
      noClasses()
          .that()
          .resideInAnyPackage(EVENT, METRICS, SECURITY, "io.restpipe.config")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.netty..", "org.bouncycastle..");

  @ArchTest
  static final ArchRule the_wire_is_pure =
      noClasses()
          .that()
          .resideInAPackage(WIRE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.netty.channel..", "io.netty.handler..", "java.net..");

  @ArchTest static final ArchRule the_wire_imports_events_only = imports(WIRE, EVENT);

  @ArchTest
  static final ArchRule connections_stand_on_the_wire =
      imports(CONNECTION, EVENT, METRICS, PIPE, WIRE);

  @ArchTest
  static final ArchRule version_1_stands_beside_connections =
      imports("io.restpipe.pipe.internal.legacy", EVENT, METRICS, PIPE, WIRE, CONNECTION);

  @ArchTest
  static final ArchRule nothing_but_the_assembler_knows_version_1 =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.restpipe.pipe.internal.legacy", "io.restpipe.node")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.restpipe.pipe.internal.legacy");

  @ArchTest
  static final ArchRule the_directory_stands_on_connections =
      imports("io.restpipe.pipe.internal.directory", EVENT, PIPE, CONNECTION, WIRE, SECURITY);

  @ArchTest
  static final ArchRule access_stands_on_the_directory =
      imports(
          "io.restpipe.pipe.internal.access",
          EVENT,
          SECURITY,
          PIPE,
          "io.restpipe.pipe.internal.directory");

  @ArchTest
  static final ArchRule dispatch_knows_events_only =
      imports("io.restpipe.pipe.internal.dispatch", EVENT, METRICS);

  @ArchTest static final ArchRule tls_knows_no_connections = imports(TLS, SECURITY, PIPE);

  @ArchTest
  static final ArchRule links_join_tls_and_connections =
      imports("io.restpipe.pipe.internal.link", EVENT, METRICS, SECURITY, CONNECTION, TLS, WIRE);

  @ArchTest
  static final ArchRule the_gateway_uses_public_types_only =
      imports("io.restpipe.gateway", EVENT, METRICS, SECURITY, PIPE);

  @ArchTest
  static final ArchRule nothing_inside_imports_the_assembler =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.restpipe.node")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.restpipe.node");

  private static ArchRule imports(String from, String... allowed) {
    var all = new String[allowed.length + 1];
    System.arraycopy(allowed, 0, all, 0, allowed.length);
    all[allowed.length] = from;
    return noClasses()
        .that()
        .resideInAPackage(from)
        .should()
        .dependOnClassesThat(resideInAPackage("io.restpipe..").and(not(resideInAnyPackage(all))));
  }
}
