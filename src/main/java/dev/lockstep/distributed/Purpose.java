package dev.lockstep.distributed;

import java.util.List;
import java.util.Objects;

/**
 * What a request is for, in words: Spark's page shows it beside the job that answers. Stays on the driver.
 *
 * @param run the name of the run that asks
 * @param doing what the run is at, such as {@code epoch 3, step 118}
 */
public record Purpose(String run, String doing) {
    @Override
    public String toString() {
        return run + ": " + doing;
    }

    /**
     * The description of a job that answers these requests: of one run {@code mnist: epoch 3, step 118}, of several {@code
     * 16 runs: mnist: epoch 3, step 118; …}. Null if no request says what it is for.
     */
    static String describe(List<Request> requests) {
        List<Purpose> purposes = of(requests);
        if (purposes.size() < 2) {
            return purposes.isEmpty() ? null : purposes.get(0).toString();
        }
        return who(purposes) + ": " + purposes.get(0) + "; …";
    }

    /** The description of resident tasks that these requests are the first for: {@code mnist: resident tasks}. */
    static String describeResidents(List<Request> requests, int generation) {
        List<Purpose> purposes = of(requests);
        return (purposes.isEmpty() ? "" : who(purposes) + ": ")
                + "resident tasks"
                + (generation == 1 ? "" : ", generation " + generation);
    }

    private static List<Purpose> of(List<Request> requests) {
        return requests.stream()
                .map(Request::purpose)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }

    private static String who(List<Purpose> purposes) {
        long runs = purposes.stream().map(Purpose::run).distinct().count();
        return runs == 1 ? purposes.get(0).run() : runs + " runs";
    }
}
