package dev.lockstep.data;

import java.io.IOException;

/** The rows of a file, with what the folders above it say of them. */
final class FolderCells implements Table.Cells {
    private final Table.Cells cells;
    private final int[] places;
    private final FolderValue[] values;

    /**
     * @param cells of the file
     * @param places of each column among those of the file
     * @param values of each column that the folders say; null for one of the file
     */
    FolderCells(Table.Cells cells, int[] places, FolderValue[] values) {
        this.cells = cells;
        this.places = places;
        this.values = values;
    }

    @Override
    public boolean next() throws IOException {
        return cells.next();
    }

    @Override
    public long position() {
        return cells.position();
    }

    @Override
    public String problem() {
        return cells.problem();
    }

    @Override
    public boolean isMissing(int column) {
        return values[column] == null ? cells.isMissing(places[column]) : values[column].text() == null;
    }

    @Override
    public double number(int column) {
        return values[column] == null ? cells.number(places[column]) : values[column].number();
    }

    @Override
    public String text(int column) {
        return values[column] == null ? cells.text(places[column]) : values[column].text();
    }

    @Override
    public int vector(int column, double[] target, int from, int width) {
        return cells.vector(places[column], target, from, width);
    }

    @Override
    public Object value(int column) {
        return values[column] == null ? cells.value(places[column]) : values[column].value();
    }

    @Override
    public void close() throws IOException {
        cells.close();
    }
}
