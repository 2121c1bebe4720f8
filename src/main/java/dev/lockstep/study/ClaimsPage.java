package dev.lockstep.study;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Stub. */
public final class ClaimsPage {
    private ClaimsPage() {}

    /** Stub. */
    public static String html(ObjectNode claims) {
        return claims.toString();
    }
}
