package dev.lockstep.data;

import java.io.Serializable;
import java.util.List;

/**
 * The columns of a table by their roles. Cells are numbers of columns among those that were selected to be read.
 *
 * @param features in order
 * @param featureCells of the features
 * @param labelCells of the label or targets; none where rows are to be predicted
 * @param weightCell of the weight; -1 for none
 * @param kept of all columns in the table's order, where rows are to be predicted; else none
 * @param ranges least and most number by cell; null where every number is good
 * @param names of the cells, as messages call them
 */
record TableRoles(
        List<Column> features,
        int[] featureCells,
        int[] labelCells,
        int weightCell,
        int[] kept,
        double[][] ranges,
        List<String> names)
        implements Serializable {

    boolean isLabel(int cell) {
        for (int label : labelCells) {
            if (label == cell) {
                return true;
            }
        }
        return false;
    }

    /** Whether a number is outside of the range of its column; a missing one (NaN) is not. */
    boolean isOutside(int cell, double value) {
        double[] range = ranges[cell];
        return range != null && (value < range[0] || value > range[1]);
    }
}
