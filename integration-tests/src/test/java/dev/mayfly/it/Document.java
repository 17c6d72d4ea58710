package dev.mayfly.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** A part of a file of YAML or JSON. Immutable. */
record Document(Object value) {
  /** Each document of a file. */
  static List<Document> all(Path file) throws IOException {
    List<Document> documents = new ArrayList<>();
    new Load(LoadSettings.builder().build())
        .loadAllFromString(Files.readString(file))
        .forEach(document -> documents.add(new Document(document)));
    return documents;
  }

  /** The first one of a file. */
  static Document of(Path file) throws IOException {
    return all(file).getFirst();
  }

  /** What is behind names of fields and places in lists; it has to be there. */
  Document at(Object... path) {
    Object here = value;
    for (Object step : path) {
      @Nullable Object next =
          step instanceof Integer place
              ? ((List<?>) here).get(place)
              : ((Map<?, ?>) here).get(step);
      assertThat(next).as("%s in %s", step, value).isNotNull();
      here = Objects.requireNonNull(next);
    }
    return new Document(here);
  }

  boolean has(String name) {
    return ((Map<?, ?>) value).containsKey(name);
  }

  /** A text, or a number or list as text. */
  String text() {
    return value.toString();
  }

  List<Document> list() {
    List<Document> parts = new ArrayList<>();
    ((List<?>) value).forEach(part -> parts.add(new Document(Objects.requireNonNull(part))));
    return parts;
  }

  Map<String, Document> fields() {
    Map<String, Document> fields = new LinkedHashMap<>();
    ((Map<?, ?>) value)
        .forEach(
            (name, part) ->
                fields.put(
                    String.valueOf(name), new Document(Objects.requireNonNullElse(part, ""))));
    return fields;
  }
}
