package dev.lockstep.cli;

import dev.lockstep.InputException;
import dev.lockstep.observe.Folder;
import org.apache.hadoop.conf.Configuration;

/**
 * A file that a plot may be written to.
 *
 * @param folder where it lies
 * @param name ends with .png
 */
record PlotFile(Folder folder, String name) {
    /**
     * Looks at a path before anything else is done.
     *
     * @throws InputException if the file has another ending, or exists and is to stay
     */
    static PlotFile of(String path, boolean overwrite, Configuration hadoop) {
        int slash = path.lastIndexOf('/');
        Folder folder = Folder.of(slash < 0 ? "." : path.substring(0, Math.max(1, slash)), hadoop);
        String name = path.substring(slash + 1);
        if (!name.endsWith(".png")) {
            throw new InputException("--plot " + path + ": expected a file that ends with .png");
        }
        if (folder.has(name) && !overwrite) {
            throw new InputException("--plot " + path + ": exists; add --overwrite, or give another file");
        }
        folder.create();
        return new PlotFile(folder, name);
    }

    /** Writes the picture. */
    void write(byte[] png) {
        folder.write(name, png);
    }
}
