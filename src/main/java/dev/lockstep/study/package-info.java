/**
 * A study: many runs over the same data, compared.
 *
 * <pre>
 *   Settings ──► StudyPlan ──► PlannedRun, …   made by the command, each with a folder of its own
 *                Axis: what varies
 *
 *   RunKey, run folder ──► RunReader ──► RunResult ──► Comparison ──► Answer, Notes ──────────┐
 *   which run, its lines   only what     one run,      methods at     Band, Sensitivity,      ├─► Summary ──► summary.json
 *                          is new        so far        their best     PerformanceProfile,     │
 *                          Targets ──► TargetWatch     settings       LearningCurve ──────────┘   RunsCsv, CurvesCsv
 *
 *   summary.json ──► Page ──► report.html, one file without a network
 *                └─► Plots ─► plots/, the same figures as PNG
 *
 *   Claim: Check, ClaimChart ──► Query (SQL) ──► Verdict, Chart ──► ClaimsPage ──► claims.html
 *                                                           Chart ──► ChartPicture ──► PNG
 * </pre>
 *
 * <p>A study is read from the folders of its runs, so a report can be made while they go on. {@link
 * dev.lockstep.study.StudyPlan} is what a configuration means: the runs that it names. {@link
 * dev.lockstep.study.Targets} says what is to be reached and refuses what nobody can; {@link
 * dev.lockstep.study.RunReader} judges every line of a run once; {@link dev.lockstep.study.Summary} is everything that a
 * report says, and {@link dev.lockstep.study.RunsCsv} the table in which every figure of its sentences is found. Whoever
 * draws, {@link dev.lockstep.study.Page} or {@link dev.lockstep.study.Plots}, reads the summary and nothing else. No Spark
 * here.
 */
package dev.lockstep.study;
