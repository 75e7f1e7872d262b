package com.company.ticketsystem;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How often a request is sent again, and how long to wait before that. */
record Retries(int max, Duration firstWait, Duration maxWait) {
    /** Return the milliseconds until the next attempt, or null if there is none. */
    Long wait(int attempts, Duration requested) {
        Duration minimum = requested == null ? Duration.ZERO : requested;
        if (attempts >= max || minimum.compareTo(maxWait) > 0) {
            return null;
        }
        double delay = Math.min(firstWait.toMillis() * Math.pow(2, attempts), maxWait.toMillis());
        double spread = ThreadLocalRandom.current().nextDouble(0.5, 1.0);
        return Math.max(minimum.toMillis(), (long) (delay * spread));
    }
}
