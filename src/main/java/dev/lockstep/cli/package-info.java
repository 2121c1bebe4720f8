/**
 * The command line: where the parts are put together.
 *
 * <pre>
 *   Main ──► TrainCommand ──► RunConfiguration ──► Session ──► DataSets ──► engine, Trainer ──► RunReport
 *            one class a      read whole, before    Spark,      scans and     the loop            run.json,
 *            command          Spark is started      its slots   packs                             the table
 * </pre>
 *
 * <p>A tour of half an hour:
 *
 * <ol>
 *   <li>{@link dev.lockstep.cli.Main} is what {@code spark-submit} runs. {@code Platform} and {@code Master} look at what
 *       surrounds a run; {@code Complaints} turns whatever was thrown into the one line that a user gets.
 *   <li>{@code RunConfiguration} reads a configuration whole, and {@code DataDesign} its part about data, so that a mistake
 *       costs no time. Each part is read by the package that uses it; a key is known where it is asked for.
 *   <li>{@code TrainCommand} is the shortest way through a run: data, network, engine, loop, report. {@code Resumption} is
 *       the way back in, {@code Interruption} the way out on a signal, {@code DriverMemory} what must fit, {@code Observers} who
 *       looks on.
 *   <li>{@code StudyCommand} makes many runs: {@code Study} puts those together that go in lockstep, a {@code StudyRun} is one of
 *       them, a {@code TrainingRun} as {@code TrainCommand} has it, {@code FirstWeights} where they begin; {@code StudyFolder} and {@code StudyReport} are what is left
 *       behind, {@code WatchServer} shows it meanwhile. {@code StudyTables} answers what the study claims, {@code
 *       StudyCollection} makes all studies of a folder.
 *   <li>{@code EvaluateCommand} and {@code PredictCommand} begin with a saved model; {@code ModelOptions} fills up their
 *       {@code --data} from the training source.
 *   <li>{@code CurvatureCommand} puts a saved model's objective together again and hands it to the package {@code curvature}.
 *   <li>{@code SynthesizeCommand} writes a generator's rows, {@code BenchmarkCommand} measures.
 * </ol>
 *
 * <p>Standard output holds results only; everything else goes to standard error. The keys and files are in the user's
 * guide, {@code src/site/markdown/guide.md}; {@code GuideTest} holds its tables against the code.
 */
package dev.lockstep.cli;
