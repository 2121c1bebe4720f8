package dev.lockstep.data;

import java.io.Serializable;

/**
 * A piece of a source that one task reads alone. Slices of a source do not overlap and lie in the order of their rows.
 *
 * @param file path of the file, or the name of what stands for one
 * @param from where the piece begins: a byte offset in text, a row number elsewhere
 * @param to where it ends, exclusive
 * @param bytes about how much there is to read, for sharing slices among tasks
 */
public record Slice(String file, long from, long to, long bytes) implements Serializable {}
