package dev.lockstep;

/**
 * The user's input is wrong: a configuration, a data set, a model folder. The message is one line that says what was
 * found, where, what was expected and how to mend it. The command line prints it and ends with exit code 2.
 */
public final class InputException extends RuntimeException {
    /** @param message one line: where, what was found, what is expected or how to mend it */
    public InputException(String message) {
        super(message);
    }

    /**
     * @param message one line, as above
     * @param cause what was caught, shown only with {@code --verbose}
     */
    public InputException(String message, Throwable cause) {
        super(message, cause);
    }
}
