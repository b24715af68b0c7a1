package io.restpipe.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between the modules: toward core, and nobody but the command line sees all. */
@AnalyzeClasses(packages = "io.restpipe", importOptions = ImportOption.DoNotIncludeTests.class)
class ModuleArrowsTest {

  private static final String CEF = "io.restpipe.cef..";
  private static final String AUTH = "io.restpipe.auth..";
  private static final String[] PIPE = {
    "io.restpipe.pipe..", "io.restpipe.gateway..", "io.restpipe.node.."
  };
  private static final String CLI = "io.restpipe.cli..";

  @ArchTest static final ArchRule cef_stands_alone = independent(CEF, AUTH, CLI);

  @ArchTest static final ArchRule auth_stands_alone = independent(AUTH, CEF, CLI);

  @ArchTest
  static final ArchRule cef_and_auth_do_not_know_the_pipe =
      noClasses()
          .that()
          .resideInAnyPackage(CEF, AUTH)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(PIPE);

  @ArchTest
  static final ArchRule the_pipe_knows_neither_cef_nor_auth =
      noClasses()
          .that()
          .resideInAnyPackage(PIPE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(CEF, AUTH, CLI);

  @ArchTest
  static final ArchRule core_knows_nobody =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.restpipe.event",
              "io.restpipe.config",
              "io.restpipe.metrics",
              "io.restpipe.security")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              CEF, AUTH, CLI, "io.restpipe.pipe..", "io.restpipe.gateway..", "io.restpipe.node..");

  @ArchTest
  static final ArchRule cef_needs_no_netty_and_no_bouncy_castle =
      independent(CEF, "io.netty..", "org.bouncycastle..");

  private static ArchRule independent(String from, String... others) {
    return noClasses()
        .that()
        .resideInAPackage(from)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(others);
  }
}
