package dev.lockstep.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What {@code jobs/curvature} found, and a slice.
 *
 * @param curvature the rest
 * @param slice the slice
 * @param file where the slice goes
 */
record SlicedCurvature(CurvatureAnswer curvature, SliceReport slice, PlotFile file) implements CurvatureAnswer {
    @Override
    public ObjectNode json() {
        ObjectNode node = curvature.json();
        ObjectNode own = node.putObject("slice");
        own.put("file", file.path());
        slice.put(own);
        return node;
    }

    @Override
    public String text() {
        return curvature.text() + slice.text(file.path());
    }

    /** Writes the slice. */
    void write() {
        file.write(slice.content(file.name()));
    }
}
