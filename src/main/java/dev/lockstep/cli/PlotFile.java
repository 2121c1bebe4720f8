package dev.lockstep.cli;

import dev.lockstep.InputException;
import dev.lockstep.observe.Folder;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/**
 * A file that a plot may be written to.
 *
 * @param path as it was given
 * @param folder where it lies
 * @param name of the file in it
 */
record PlotFile(String path, Folder folder, String name) {
    /**
     * Looks at a path before anything else is done.
     *
     * @param option whose value the path is
     * @param endings one of which it must have
     * @throws InputException if the file has another ending, or exists and is to stay
     */
    static PlotFile of(String option, String path, List<String> endings, boolean overwrite, Configuration hadoop) {
        int slash = path.lastIndexOf('/');
        Folder folder = Folder.of(slash < 0 ? "." : path.substring(0, Math.max(1, slash)), hadoop);
        String name = path.substring(slash + 1);
        if (endings.stream().noneMatch(name::endsWith)) {
            throw new InputException(
                    option + " " + path + ": expected a file that ends with " + String.join(" or ", endings));
        }
        if (folder.has(name) && !overwrite) {
            throw new InputException(option + " " + path + ": exists; add --overwrite, or give another file");
        }
        folder.create();
        return new PlotFile(path, folder, name);
    }

    /** Writes its content. */
    void write(byte[] content) {
        folder.write(name, content);
    }
}
