package com.company.ticketsystem;

import com.company.ticketsystem.error.ConnectionFailed;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.util.Set;
import javax.net.ssl.SSLHandshakeException;

/** The attempts of one call so far, and whether there is another one. */
final class Attempts {
    /** Statuses of requests that the server has not processed. */
    private static final Set<Integer> NOT_PROCESSED = Set.of(429, 503);
    private static final Set<Integer> TEMPORARY = Set.of(429, 502, 503, 504);

    private final Call call;
    private final Retries retries;
    private int count;
    private boolean wasRenewed;
    private boolean mayHaveTakenEffect;

    Attempts(Call call, Retries retries) {
        this.call = call;
        this.retries = retries;
    }

    /** Return the milliseconds until the next attempt. Throws {@code ConnectionFailed} if there is none. */
    long delayAfterConnectionError(IOException error) {
        boolean wasSent = !(error instanceof ConnectException
                || error instanceof HttpConnectTimeoutException
                || error instanceof SSLHandshakeException);
        mayHaveTakenEffect |= wasSent;
        Long wait = retries.wait(count, null);
        if (wait == null || (wasSent && !call.isRepeatable())) {
            String message = call.method() + " " + call.path() + " got no response: " + error;
            throw new ConnectionFailed(message, mayHaveTakenEffect);
        }
        count++;
        return wait;
    }

    /** Return the milliseconds until the next attempt. Throws the error if there is none. */
    long delayAfterErrorResponse(Response response) {
        int status = response.status();
        boolean isTemporary = (call.isRepeatable() ? TEMPORARY : NOT_PROCESSED).contains(status);
        boolean conflictsWithOwnAttempt =
                call.method().equals("POST") && status == 409 && mayHaveTakenEffect;
        Long wait = isTemporary || conflictsWithOwnAttempt
                ? retries.wait(count, response.retryAfter())
                : null;
        if (wait == null) {
            throw Errors.of(response);
        }
        mayHaveTakenEffect |= !NOT_PROCESSED.contains(status);
        count++;
        return wait;
    }

    /** Return whether to renew the access token: true at most once. */
    boolean shouldRenewToken(Response response) {
        if (response.status() != 401 || !call.isAuthorized() || wasRenewed) {
            return false;
        }
        wasRenewed = true;
        return true;
    }

    /** Return whether an earlier attempt has deleted the resource. */
    boolean wasAlreadyDeleted(Response response) {
        return call.method().equals("DELETE") && response.status() == 404 && mayHaveTakenEffect;
    }
}
