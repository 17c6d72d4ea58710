package dev.mayfly.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * A YAML file of options, read into settings; names may be dotted or nested, values are taken as
 * they are written.
 *
 * <p>In a value, a dollar sign and a name in braces stand for the environment variable of that
 * name; after the name, a colon and a text may follow that is taken where there is no such
 * variable. A second dollar sign before the brace keeps it as it is. An empty value counts as not
 * given.
 */
final class ConfigFile {
  private static final int FILE_BYTES_MAX = 1 << 20;
  private static final int DEPTH_MAX = 8;
  private static final Pattern VARIABLE =
      Pattern.compile("\\$(?:(\\$\\{)|\\{([A-Za-z_][A-Za-z0-9_]*)(?::([^}]*))?\\})");

  private final Path path;
  private final Map<String, String> environment;
  private final OptionNames names = OptionNames.ofFile();
  private final List<Setting> settings = new ArrayList<>();
  private final List<String> problems;

  /** {@code problems} takes what is wrong with the file. */
  ConfigFile(Path path, Map<String, String> environment, List<String> problems) {
    this.path = path;
    this.environment = environment;
    this.problems = problems;
  }

  List<Setting> read() {
    try {
      if (Files.size(path) > FILE_BYTES_MAX) {
        problems.add("%s: larger than 1 MiB, which no configuration is".formatted(path));
        return settings;
      }
      LoadSettings form = LoadSettings.builder().setLabel(path.toString()).build();
      new Compose(form)
          .composeString(Files.readString(path))
          .ifPresent(root -> readGroup("", root, 0));
    } catch (MarkedYamlEngineException e) {
      String line = e.getProblemMark().map(mark -> " line " + (mark.getLine() + 1)).orElse("");
      problems.add("%s%s: %s".formatted(path, line, e.getProblem()));
    } catch (YamlEngineException e) {
      problems.add("%s: %s".formatted(path, e.getMessage()));
    } catch (IOException e) {
      problems.add("%s: cannot be read: %s".formatted(path, reason(e)));
    }
    return settings;
  }

  private void readGroup(String prefix, Node node, int depth) {
    if (!(node instanceof MappingNode group) || depth > DEPTH_MAX) {
      problems.add(place(node) + ": expected 'name: value'");
      return;
    }
    for (NodeTuple member : group.getValue()) {
      if (!(member.getKeyNode() instanceof ScalarNode key)) {
        problems.add(place(member.getKeyNode()) + ": expected the name of an option");
        continue;
      }
      Node value = member.getValueNode();
      String name = prefix + key.getValue();
      if (value instanceof MappingNode) {
        readGroup(name + ".", value, depth + 1);
      } else if (value instanceof ScalarNode scalar) {
        readValue(name, scalar, key);
      } else {
        problems.add("%s: option '%s' takes a single value".formatted(place(value), name));
      }
    }
  }

  private void readValue(String name, ScalarNode value, Node key) {
    String text = value.getValue();
    boolean emptyGroup =
        text.isEmpty() && Options.all().stream().anyMatch(o -> o.name().startsWith(name + "."));
    if (emptyGroup) {
      return;
    }
    names
        .find(name)
        .filter(option -> !option.is(Option.Trait.NOT_IN_FILE))
        .ifPresentOrElse(
            option -> {
              if (!text.isEmpty()) {
                settings.add(new Setting(option, expanded(text, place(value)), place(value)));
              }
            },
            () -> problems.add(names.unknown(name) + " (" + place(key) + ")"));
  }

  private String expanded(String text, String place) {
    Matcher matcher = VARIABLE.matcher(text);
    StringBuilder out = new StringBuilder();
    while (matcher.find()) {
      String name = matcher.group(2);
      String value = "${";
      if (name != null) {
        String fallback = matcher.group(3);
        value = environment.getOrDefault(name, fallback == null ? "" : fallback);
        if (!environment.containsKey(name) && fallback == null) {
          problems.add("%s: the environment has no variable %s".formatted(place, name));
        }
      }
      matcher.appendReplacement(out, Matcher.quoteReplacement(value));
    }
    return matcher.appendTail(out).toString();
  }

  private String place(Node node) {
    return path + node.getStartMark().map(mark -> " line " + (mark.getLine() + 1)).orElse("");
  }

  static String reason(IOException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }
}
