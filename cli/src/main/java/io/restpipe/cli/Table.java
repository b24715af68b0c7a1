package io.restpipe.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows of text under headings, each column as wide as it must be. */
final class Table {

  private static final String GAP = "  ";

  private final List<String[]> rows = new ArrayList<>();

  Table(String... headings) {
    rows.add(headings);
  }

  void row(String... cells) {
    rows.add(cells);
  }

  /** Lines without the last line end. Cells come from peers: what is not printable is replaced. */
  @Override
  public String toString() {
    var lines = new ArrayList<String>();
    int[] widths = widths();
    for (String[] row : rows) {
      var line = new StringBuilder();
      for (int column = 0; column < row.length; column++) {
        String cell = printable(row[column]);
        line.append(cell).append(" ".repeat(widths[column] - cell.length())).append(GAP);
      }
      lines.add(line.toString().stripTrailing());
    }
    return String.join(System.lineSeparator(), lines);
  }

  private int[] widths() {
    var widths = new int[rows.get(0).length];
    for (String[] row : rows) {
      for (int column = 0; column < row.length; column++) {
        widths[column] = Math.max(widths[column], printable(row[column]).length());
      }
    }
    return widths;
  }

  private static String printable(String cell) {
    return cell.isEmpty() ? "-" : cell.replaceAll("\\p{Cntrl}", "?");
  }
}
