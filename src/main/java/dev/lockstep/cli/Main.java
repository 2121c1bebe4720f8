package dev.lockstep.cli;

import dev.lockstep.InputException;
import dev.lockstep.Version;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParseResult;

/** What {@code spark-submit} runs: the first argument names the command, as the launchers in {@code jobs/} do. */
@Command(
        name = "lockstep",
        description = "Synchronous data-parallel training of neural networks on Spark.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Versions.class,
        subcommands = {
            TrainCommand.class,
            EvaluateCommand.class,
            PredictCommand.class,
            SynthesizeCommand.class,
            BenchmarkCommand.class
        })
public final class Main {
    private static final int EXIT_FAILED = 1;
    private static final int EXIT_INPUT = 2;
    static final int EXIT_DIVERGED = 3;

    /** An input error inside a task, whose exception came back as text only. */
    private static final Pattern REMOTE_INPUT = Pattern.compile("dev\\.lockstep\\.InputException: ([^\\n]*)");

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    /** Runs a command and gives its exit code. */
    static int run(String... arguments) {
        CommandLine line = new CommandLine(new Main());
        line.setExecutionExceptionHandler((exception, command, parsed) -> failed(exception, parsed));
        line.setParameterExceptionHandler((exception, rest) -> {
            String name = exception.getCommandLine().getCommandName();
            System.err.println(exception.getMessage() + "; jobs/" + name + " --help lists what there is");
            return EXIT_INPUT;
        });
        return line.execute(arguments);
    }

    private static int failed(Exception exception, ParseResult parsed) {
        boolean verbose = parsed.subcommand() != null && parsed.subcommand().hasMatchedOption("--verbose");
        Optional<String> input = inputMessage(exception);
        if (input.isPresent()) {
            System.err.println(input.get());
            if (verbose) {
                exception.printStackTrace();
            }
            return EXIT_INPUT;
        }
        System.err.println("failed: " + exception);
        exception.printStackTrace();
        return EXIT_FAILED;
    }

    private static Optional<String> inputMessage(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof InputException) {
                return Optional.of(cause.getMessage());
            }
            Matcher remote = REMOTE_INPUT.matcher(String.valueOf(cause.getMessage()));
            if (remote.find()) {
                return Optional.of(remote.group(1));
            }
        }
        return Optional.empty();
    }

    /** For {@code --version}. */
    static final class Versions implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"lockstep " + Version.project() + ", for Spark " + Version.spark()};
        }
    }
}
