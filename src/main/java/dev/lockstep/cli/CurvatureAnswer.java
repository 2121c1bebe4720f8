package dev.lockstep.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What {@code jobs/curvature} has found, to be told. */
interface CurvatureAnswer {
    /** One object. */
    ObjectNode json();

    /** Tables for people. */
    String text();
}
