package dev.lockstep.cli;

import dev.lockstep.InputException;
import dev.lockstep.Version;
import java.util.Arrays;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** What {@code spark-submit} runs: the first argument names the command, as the launchers in {@code jobs/} do. */
@Command(
        name = "lockstep",
        description = "Synchronous data-parallel training of neural networks on Spark.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Versions.class,
        subcommands = {
            TrainCommand.class,
            EvaluateCommand.class,
            StudyCommand.class,
            CurvatureCommand.class,
            PredictCommand.class,
            SynthesizeCommand.class,
            BenchmarkCommand.class
        })
public final class Main {
    static final int EXIT_DIVERGED = 3;

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    /** Runs a command and gives its exit code. */
    static int run(String... arguments) {
        boolean verbose = Arrays.asList(arguments).contains("--verbose");
        try {
            Platform.check();
            return commandLine(verbose).execute(arguments);
        } catch (InputException | Error e) {
            return failed(e, verbose);
        }
    }

    private static CommandLine commandLine(boolean verbose) {
        CommandLine line = new CommandLine(new Main());
        line.setExecutionExceptionHandler((exception, command, parsed) -> failed(exception, verbose));
        line.setParameterExceptionHandler((exception, rest) -> {
            CommandLine command = exception.getCommandLine();
            boolean isCommand = command.getParent() != null;
            System.err.println(exception.getMessage()
                    + (isCommand
                            ? "; jobs/" + command.getCommandName() + " --help lists what there is"
                            : "; expected one of "
                                    + String.join(", ", command.getSubcommands().keySet())));
            return Complaints.EXIT_INPUT;
        });
        return line;
    }

    private static int failed(Throwable thrown, boolean verbose) {
        Optional<Complaints.Complaint> complaint = Complaints.of(thrown);
        System.err.println(complaint
                .map(Complaints.Complaint::line)
                .orElseGet(() -> "failed: " + Complaints.oneLine(thrown.toString())));
        // What nobody foresaw is to be reported, with its trace.
        if (verbose || complaint.isEmpty()) {
            thrown.printStackTrace();
        }
        return complaint.map(Complaints.Complaint::exitCode).orElse(Complaints.EXIT_FAILED);
    }

    /** For {@code --version}. */
    static final class Versions implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"lockstep " + Version.project() + ", for Spark " + Version.spark()};
        }
    }
}
