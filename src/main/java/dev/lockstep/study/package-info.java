/**
 * Many runs in lockstep over the same data, and one report that compares them.
 *
 * <p>{@link dev.lockstep.study.Page} makes the report's page of what {@code summary.json} holds, {@link
 * dev.lockstep.study.Plots} its pictures. The page's template, style and scripts are resources of this package.
 */
package dev.lockstep.study;
