package io.restpipe.cli;

import io.restpipe.config.ConfigException;
import io.restpipe.config.Configuration;
import io.restpipe.config.LiveConfiguration;
import io.restpipe.config.Setting;
import io.restpipe.config.Settings;
import io.restpipe.config.Sources;
import io.restpipe.security.SecurityEvent;
import io.restpipe.security.SecurityEvent.Field;
import io.restpipe.security.SecurityEventKind;
import io.restpipe.security.SecurityLog;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the settings of a running node again: all are checked first, then what can be changed is
 * changed, and what cannot is said.
 */
final class Reload implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Reload.class);

  private final LiveConfiguration live;
  private final List<Setting<?>> declared;
  private final Function<Configuration, Settings> resolver;
  private final Consumer<Settings> changes;
  private final SecurityLog security;
  private Settings current;

  /**
   * Begins with the settings that the node has, and with what changed since.
   *
   * @param resolver throws {@link ConfigException} where something is wrong
   * @param changes applies the settings that are reloadable
   * @param security is told what became of it
   */
  Reload(
      Sources sources,
      Settings started,
      List<Setting<?>> declared,
      Function<Configuration, Settings> resolver,
      Consumer<Settings> changes,
      SecurityLog security) {
    this.live = new LiveConfiguration(sources);
    this.declared = declared;
    this.resolver = resolver;
    this.changes = changes;
    this.security = security;
    this.current = started;
    live.validator(this::check).onChange(change -> apply(change.after()));
    apply(live.current());
  }

  private void check(Configuration configuration) {
    Settings unused = resolver.apply(configuration);
  }

  /** Reads everything again, now. */
  void now() {
    try {
      if (live.reload().changed().isEmpty()) {
        LOG.info("configuration read again: nothing has changed");
      }
    } catch (RuntimeException wrong) {
      refused(wrong);
    }
  }

  /** Does so whenever a file changes. */
  void whenFilesChange() {
    live.watch(this::refused);
  }

  private void refused(RuntimeException wrong) {
    security.log(
        SecurityEvent.builder(SecurityEventKind.CONFIGURATION_REFUSED)
            .reason("it is wrong, and all stays as it was")
            .with(Field.MESSAGE, wrong.getMessage())
            .build());
    if (wrong instanceof ConfigException config) {
      LOG.error("the configuration is wrong, all stays as it was");
      config.problems().forEach(problem -> LOG.error("{}", problem));
    } else {
      LOG.error("the configuration cannot be read again, all stays as it was", wrong);
    }
  }

  /** One after another: only the constructor and a reload call it. */
  private void apply(Configuration configuration) {
    Settings next = resolver.apply(configuration);
    var changed = new ArrayList<String>();
    for (Setting<?> setting : declared) {
      if (!next.isSame(setting, current)) {
        changed.add(setting.key());
        if (setting.isReloadable()) {
          LOG.info("{} is {} now ({})", setting, next.text(setting), next.origin(setting));
        } else {
          LOG.warn(
              "{} = {} ({}) counts after a restart",
              setting,
              next.text(setting),
              next.origin(setting));
        }
      }
    }
    current = next;
    changes.accept(next);
    if (!changed.isEmpty()) {
      security.log(
          SecurityEvent.builder(SecurityEventKind.CONFIGURATION_RELOADED)
              .with(Field.MESSAGE, "changed: " + String.join(", ", changed))
              .build());
    }
  }

  @Override
  public void close() {
    live.close();
  }
}
