package com.company.ticketsystem;

import com.company.ticketsystem.error.AuthenticationRequired;
import com.company.ticketsystem.error.ConnectionFailed;
import java.net.http.HttpRequest;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/** An API key, or an access token and its refresh token. Safe to share between threads. */
final class Credentials {
    private final String apiKey;
    private final ReentrantLock renewal = new ReentrantLock();
    private volatile Tokens tokens = new Tokens(null, null);

    /** The tokens of a session. */
    record Tokens(String access, String refresh) {
        @Override
        public String toString() {
            return "Tokens[...]";
        }
    }

    Credentials(String apiKey) {
        this.apiKey = clean(apiKey);
    }

    /** Use this access token, and renew it if a refresh token is given. */
    void use(String access, String refresh) {
        Tokens given = new Tokens(clean(access), clean(refresh));
        if (given.refresh() == null && Objects.equals(given.access(), tokens.access())) {
            return;
        }
        tokens = given;
    }

    String accessToken() {
        return tokens.access();
    }

    String refreshToken() {
        return tokens.refresh();
    }

    /** Add the header that authenticates a request. */
    void authenticate(HttpRequest.Builder request, String access) {
        if (access != null) {
            request.header("Authorization", "Bearer " + access);
        } else if (apiKey != null) {
            request.header("X-API-Key", apiKey);
        }
    }

    /**
     * Replace the rejected access token; return whether there is another one now.
     *
     * <p>A refresh token works once, and a second use ends the session. So one thread fetches new
     * tokens while the others wait, and a refresh token that may have been used is not sent again.
     */
    boolean renew(String rejected, Function<String, Tokens> fetch) {
        if (rejected == null) {
            return false;
        }
        renewal.lock();
        try {
            Tokens current = tokens;
            if (!rejected.equals(current.access())) {
                return current.access() != null;
            }
            if (current.refresh() == null) {
                return false;
            }
            tokens = fetch.apply(current.refresh());
            return true;
        } catch (AuthenticationRequired expired) {
            tokens = new Tokens(rejected, null);
            return false;
        } catch (ConnectionFailed lost) {
            if (lost.wasSent()) {
                tokens = new Tokens(rejected, null);
            }
            throw lost;
        } finally {
            renewal.unlock();
        }
    }

    private static String clean(String token) {
        String stripped = token == null ? "" : token.strip();
        if (!stripped.chars().allMatch(one -> one > ' ' && one < 127)) {
            throw new IllegalArgumentException(
                    "a token or API key may contain printable ASCII characters only");
        }
        return stripped.isEmpty() ? null : stripped;
    }
}
