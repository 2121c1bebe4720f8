package dev.lockstep.data;

/** How numbers are written in text: decimal, with an optional exponent, and nothing else. */
final class Numbers {
    private Numbers() {}

    /**
     * The number that a text stands for; NaN if it is none, or is not finite. Java's hexadecimal numbers, type suffixes,
     * "NaN" and "Infinity" are no numbers here.
     */
    static double parse(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean allowed = (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E';
            if (!allowed) {
                return Double.NaN;
            }
        }
        try {
            double value = Double.parseDouble(text);
            return Double.isFinite(value) ? value : Double.NaN;
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }
}
