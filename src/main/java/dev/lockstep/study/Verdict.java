package dev.lockstep.study;

/** What became of a claim. */
public enum Verdict {
    /** All that was looked at speaks for it. */
    HOLDS("holds"),
    /** It holds under a condition, and fails without it. */
    HOLDS_IF("holds if"),
    /** All that was looked at speaks against it. */
    DOES_NOT_HOLD("does not hold"),
    /** A figure is not what was expected: what is known of the claim is not what was measured. */
    NOT_AS_EXPECTED("not as expected"),
    /** Its runs or its measurements could not be made. */
    FAILED("failed");

    private final String words;

    Verdict(String words) {
        this.words = words;
    }

    /** As it is shown. */
    public String words() {
        return words;
    }

    /** Whether figures are what was expected, be it for the claim or against it. */
    public boolean isExpected() {
        return this == HOLDS || this == HOLDS_IF || this == DOES_NOT_HOLD;
    }
}
