package dev.lockstep.study;

import java.util.List;

/** Names of what curves hold, as in {@code summary.json}. */
final class Quantity {
    static final String STEP = "step";
    static final String STEPS = "steps";
    static final String EPOCH = "epoch";
    static final String PASSES = "passes";
    static final String SECONDS = "seconds";
    static final String BYTES = "bytes";
    static final String EVALUATIONS = "evaluations";
    static final String LOSS = "loss";
    static final String GRADIENT_NORM = "gradientNorm";
    static final String STEP_NORM = "stepNorm";
    static final String LEARNING_RATE = "learningRate";
    static final String SIGN_CHANGES = "signChanges";
    static final String COSINE = "cosine";
    static final String STEP_SIZES = "stepSizes";
    static final List<String> STEP_SIZE_PARTS = List.of("min", "median", "max");
    static final String VALIDATION = "validation";
    static final String LAMBDA_MAX = "lambdaMax";
    static final String LAMBDA_MIN = "lambdaMin";
    static final String LAMBDA_MIN_RESIDUAL = "lambdaMinResidual";
    static final String STABILITY_LIMIT = "stabilityLimit";
    static final String CURVATURE_PRODUCTS = "curvatureProducts";

    private Quantity() {}

    /** The name of a validation metric in curves: {@code validationAccuracy}. */
    static String validation(String metric) {
        return VALIDATION + Shown.sentence(metric);
    }
}
