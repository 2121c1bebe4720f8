package dev.lockstep.data;

import dev.lockstep.InputException;
import dev.lockstep.Settings;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * MNIST's format: a file of images (any shape, any of the format's number types, big-endian) and one of labels, plain or
 * gzipped. A plain file is split by offset; a row's position is its number.
 */
final class IdxSource implements Source {
    private final String images;

    /** Null where rows are to be predicted. */
    private final String labels;

    /**
     * The start of a file.
     *
     * @param file its full path, the same on every machine and in every working directory
     * @param type code of the number type
     * @param rows first dimension
     * @param columns product of the other dimensions
     * @param bytes length of the header itself
     */
    private record Header(String file, int type, long rows, long columns, int bytes) implements java.io.Serializable {
        int numberBytes() {
            return switch (type) {
                case 0x08, 0x09 -> 1;
                case 0x0B -> 2;
                case 0x0C, 0x0D -> 4;
                default -> 8;
            };
        }

        long rowBytes() {
            return columns * numberBytes();
        }
    }

    private Header imageHeader;
    private Header labelHeader;

    IdxSource(Settings settings, Sources.Use use) {
        images = settings.text("images");
        String given = use.labelled() ? settings.text("labels") : settings.text("labels", null);
        labels = use.labelled() ? given : null;
    }

    @Override
    public Listing list(Configuration hadoop, Cut cut) throws IOException {
        imageHeader = header(images, "images", hadoop);
        if (labels != null) {
            readLabelHeader(hadoop);
        }
        long rows = imageHeader.rows;
        boolean splittable = Files.codec(new Path(images), hadoop) == null;
        long most = cut.bytes(rows * imageHeader.rowBytes());
        long step = splittable ? Math.max(1, most / imageHeader.rowBytes()) : Math.max(1, rows);
        List<Slice> slices = new ArrayList<>();
        for (long from = 0; from < rows; from += step) {
            long to = Math.min(rows, from + step);
            slices.add(new Slice(imageHeader.file, from, to, (to - from) * imageHeader.rowBytes()));
        }
        List<Column> features = IntStream.range(0, (int) imageHeader.columns)
                .mapToObj(pixel -> Column.number(Integer.toString(pixel)))
                .toList();
        return new Listing(features, labels == null ? List.of() : List.of("label"), slices);
    }

    private void readLabelHeader(Configuration hadoop) throws IOException {
        labelHeader = header(labels, "labels", hadoop);
        if (labelHeader.columns != 1) {
            throw new InputException(labels + ": expected one label a row, got " + labelHeader.columns
                    + "; are images and labels exchanged?");
        }
        if (imageHeader.rows != labelHeader.rows) {
            throw new InputException(images + " has " + imageHeader.rows + " images, but " + labels + " has "
                    + labelHeader.rows + " labels; give files of one set");
        }
    }

    private static Header header(String path, String key, Configuration hadoop) throws IOException {
        List<FileStatus> files = Files.list(path, key, hadoop);
        FileStatus file = files.get(0);
        if (files.size() > 1 || !file.getPath().getName().equals(new Path(path).getName())) {
            throw new InputException(
                    path + ": stands for " + files.size() + " files, but " + key + " takes one by its name");
        }
        try (DataInputStream in = new DataInputStream(Files.open(file.getPath(), hadoop, 0))) {
            int magic = in.readInt();
            int type = magic >>> 8 & 0xFF;
            int dimensions = magic & 0xFF;
            if (magic >>> 16 != 0 || type < 0x08 || type == 0x0A || type > 0x0E || dimensions < 1) {
                throw new InputException(path + ": not an IDX file (its first four bytes are "
                        + String.format("%08x", magic) + ", expected 0000 08 to 0e 01 to ff)");
            }
            long rows = in.readInt() & 0xFFFFFFFFL;
            long columns = 1;
            for (int i = 1; i < dimensions; i++) {
                columns = Math.multiplyExact(columns, in.readInt() & 0xFFFFFFFFL);
            }
            if (columns < 1 || columns > 1 << 24) {
                throw new InputException(path + ": a row of " + columns + " numbers, expected 1 to " + (1 << 24));
            }
            Header header = new Header(file.getPath().toString(), type, rows, columns, 4 + 4 * dimensions);
            long expected = header.bytes + rows * header.rowBytes();
            if (Files.codec(file.getPath(), hadoop) == null && file.getLen() != expected) {
                throw new InputException(path + ": the header says " + rows + " rows, which takes " + expected
                        + " bytes, but the file has " + file.getLen() + "; is it cut short?");
            }
            return header;
        } catch (EOFException e) {
            throw new InputException(path + ": no rows; the file is empty or cut short", e);
        } catch (ArithmeticException e) {
            throw new InputException(path + ": not an IDX file (its dimensions are beyond 2^63)", e);
        }
    }

    @Override
    public RowReader open(Slice slice, Configuration hadoop, boolean classes) throws IOException {
        DataInputStream imageStream = stream(imageHeader, slice.from(), hadoop);
        DataInputStream labelStream = labels == null ? null : stream(labelHeader, slice.from(), hadoop);
        return new Reader(imageStream, labelStream, slice, classes);
    }

    private static DataInputStream stream(Header header, long row, Configuration hadoop) throws IOException {
        return new DataInputStream(new BufferedInputStream(
                Files.open(new Path(header.file), hadoop, header.bytes + row * header.rowBytes()), 1 << 16));
    }

    @Override
    public String describe(String file, long position, Configuration hadoop) {
        return file + ", row " + position;
    }

    /** The rows of a slice. */
    private final class Reader implements RowReader {
        private final DataInputStream imageStream;
        private final DataInputStream labelStream;
        private final long end;
        private final boolean classes;
        private final byte[] bytes = new byte[(int) imageHeader.rowBytes()];
        private final byte[] labelBytes = new byte[labels == null ? 0 : (int) labelHeader.rowBytes()];
        private final double[] values = new double[(int) imageHeader.columns];
        private final double[] target = new double[1];
        private long row;
        private String problem;

        Reader(DataInputStream imageStream, DataInputStream labelStream, Slice slice, boolean classes) {
            this.imageStream = imageStream;
            this.labelStream = labelStream;
            this.row = slice.from() - 1;
            this.end = slice.to();
            this.classes = classes;
        }

        @Override
        public boolean next() throws IOException {
            if (row + 1 >= end) {
                return false;
            }
            row++;
            read(imageStream, bytes, images, imageHeader);
            decode(bytes, imageHeader.type, values);
            if (labels != null) {
                read(labelStream, labelBytes, labels, labelHeader);
                decode(labelBytes, labelHeader.type, target);
            }
            problem = null;
            for (int i = 0; i < values.length && problem == null; i++) {
                if (!Double.isFinite(values[i])) {
                    problem = "number " + i + " is " + values[i] + ", expected a finite one";
                }
            }
            if (problem == null && !Double.isFinite(target[0])) {
                problem = "the label is " + target[0] + ", expected a finite number";
            }
            return true;
        }

        private void read(DataInputStream stream, byte[] target, String path, Header header) throws IOException {
            try {
                stream.readFully(target);
            } catch (EOFException e) {
                throw new InputException(
                        path + ": the header says " + header.rows + " rows, but the file ends in row " + row
                                + "; is it cut short?",
                        e);
            }
        }

        private static void decode(byte[] bytes, int type, double[] values) {
            java.nio.ByteBuffer buffer = java.nio.ByteBuffer.wrap(bytes);
            for (int i = 0; i < values.length; i++) {
                values[i] = switch (type) {
                    case 0x08 -> bytes[i] & 0xFF;
                    case 0x09 -> bytes[i];
                    case 0x0B -> buffer.getShort(2 * i);
                    case 0x0C -> buffer.getInt(4 * i);
                    case 0x0D -> buffer.getFloat(4 * i);
                    default -> buffer.getDouble(8 * i);
                };
            }
        }

        @Override
        public long position() {
            return row;
        }

        @Override
        public String problem() {
            return problem;
        }

        @Override
        public double[] features() {
            return values;
        }

        @Override
        public String label() {
            if (!classes) {
                throw new IllegalStateException("labels are numbers here");
            }
            return target[0] == Math.rint(target[0]) ? Long.toString((long) target[0]) : Double.toString(target[0]);
        }

        @Override
        public double target(int index) {
            return target[index];
        }

        @Override
        public void close() throws IOException {
            try (labelStream) {
                imageStream.close();
            }
        }
    }
}
