package dev.mayfly.stress;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/**
 * Lines over two axes as SVG, in the page's own colours. Confined to one thread.
 *
 * <p>The vertical axis begins at 0, or is logarithmic: then a line has a gap where its value is 0.
 */
final class Plot {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 240;
  private static final int LEFT = 70;
  private static final int RIGHT = 32;
  private static final int TOP = 12;
  private static final int BOTTOM = 34;
  private static final int TICKS = 5;

  /** A place on the horizontal axis that is named. */
  record Mark(double at, String label) {}

  private record Line(String name, String style, double[] x, double[] y) {}

  private final String title;
  private final boolean isLogarithmic;
  private final DoubleFunction<String> text;
  private final List<Mark> marks;
  private final List<Line> lines = new ArrayList<>();

  /**
   * A plot without lines.
   *
   * @param text how a value is written
   * @param marks in rising order, the first and last at the ends of the axis; at least two
   */
  Plot(String title, boolean isLogarithmic, DoubleFunction<String> text, List<Mark> marks) {
    this.title = title;
    this.isLogarithmic = isLogarithmic;
    this.text = text;
    this.marks = marks;
  }

  /** Marks at round numbers from 0 to a little more than the most. */
  static List<Mark> marksTo(double most, DoubleFunction<String> label) {
    double step = step(most);
    List<Mark> marks = new ArrayList<>();
    for (int i = 0; i <= 1 || (i - 1) * step < most; i++) {
      marks.add(new Mark(i * step, label.apply(i * step)));
    }
    return marks;
  }

  /** A round number that fits about five times into the most. */
  private static double step(double most) {
    if (most <= 0) {
      return 1;
    }
    double rough = most / TICKS;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double first = rough / power;
    return power * (first <= 1 ? 1 : first <= 2 ? 2 : first <= 5 ? 5 : 10);
  }

  /** Adds a line; x rises. */
  void add(String name, String style, double[] x, double[] y) {
    lines.add(new Line(name, style, x, y));
  }

  String svg() {
    List<Mark> heights = heights();
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<figure><figcaption>%1$s</figcaption>%n<svg viewBox=\"0 0 %2$d %3$d\" role=\"img\""
                .formatted(HtmlReport.escape(title), WIDTH, HEIGHT)
            + " aria-label=\"%s\">%n".formatted(HtmlReport.escape(title)));
    for (Mark mark : heights) {
      double y = y(mark.at(), heights);
      svg.append(line("grid", LEFT, y, WIDTH - RIGHT, y));
      svg.append(label("end", LEFT - 6, y + 4, mark.label()));
    }
    for (Mark mark : marks) {
      double x = x(mark.at());
      svg.append(line("grid", x, TOP, x, HEIGHT - BOTTOM));
      svg.append(label("middle", x, HEIGHT - BOTTOM + 16, mark.label()));
    }
    for (Line line : lines) {
      svg.append(path(line, heights));
    }
    svg.append("</svg><p class=\"legend\">");
    for (Line line : lines) {
      svg.append("<span class=\"%s\">%s</span> ".formatted(line.style(), line.name()));
    }
    return svg.append("</p></figure>\n").toString();
  }

  private List<Mark> heights() {
    double most = 0;
    double least = Double.MAX_VALUE;
    for (Line line : lines) {
      for (double y : line.y()) {
        most = Math.max(most, y);
        least = y > 0 ? Math.min(least, y) : least;
      }
    }
    if (!isLogarithmic || most == 0) {
      return marksTo(most, text);
    }
    List<Mark> decades = new ArrayList<>();
    int last = (int) Math.ceil(Math.log10(most));
    int first = Math.min((int) Math.floor(Math.log10(least)), last - 1);
    for (int power = first; power <= last; power++) {
      decades.add(new Mark(Math.pow(10, power), text.apply(Math.pow(10, power))));
    }
    return decades;
  }

  private double x(double value) {
    return LEFT + (WIDTH - LEFT - RIGHT) * share(value, marks, false);
  }

  private double y(double value, List<Mark> heights) {
    double share = share(value, heights, isLogarithmic && heights.getFirst().at() > 0);
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share;
  }

  private static double share(double value, List<Mark> marks, boolean isLogarithmic) {
    double from = marks.getFirst().at();
    double to = marks.getLast().at();
    double share =
        isLogarithmic
            ? Math.log(Math.max(value, from) / from) / Math.log(to / from)
            : (value - from) / (to - from);
    return Math.clamp(share, 0, 1);
  }

  private String path(Line line, List<Mark> heights) {
    StringBuilder path = new StringBuilder("<path class=\"").append(line.style()).append("\" d=\"");
    boolean isDrawing = false;
    for (int i = 0; i < line.x().length; i++) {
      if (isLogarithmic && line.y()[i] <= 0) {
        isDrawing = false;
        continue;
      }
      path.append(isDrawing ? 'L' : 'M')
          .append(number(x(line.x()[i])))
          .append(' ')
          .append(number(y(line.y()[i], heights)));
      // A point between gaps is seen only where a line begins and ends.
      path.append(isDrawing ? "" : "h0");
      isDrawing = true;
    }
    return path.append("\"><title>%s</title></path>%n".formatted(line.name())).toString();
  }

  private static String line(String style, double x1, double y1, double x2, double y2) {
    return "<line class=\"%s\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>%n"
        .formatted(style, number(x1), number(y1), number(x2), number(y2));
  }

  private static String label(String anchor, double x, double y, String label) {
    return "<text text-anchor=\"%s\" x=\"%s\" y=\"%s\">%s</text>%n"
        .formatted(anchor, number(x), number(y), HtmlReport.escape(label));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
