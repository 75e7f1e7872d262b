package com.company.ticketsystem;

import com.company.ticketsystem.error.ErrorInfo;
import com.company.ticketsystem.error.UnexpectedResponse;
import com.company.ticketsystem.json.Json;
import com.company.ticketsystem.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;

/** A response of the server; the body is empty if it was written to a file. */
record Response(int status, Map<String, String> headers, String body) {
    boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    /** Return a header by its name in lower case, or null. */
    String header(String name) {
        return headers.get(name);
    }

    /** Return how long {@code Retry-After} asks to wait, given in seconds or as a date; or null. */
    Duration retryAfter() {
        String header = headers.getOrDefault("retry-after", "").strip();
        try {
            if (header.matches("[0-9]{1,9}")) {
                return Duration.ofSeconds(Long.parseLong(header));
            }
            Instant moment = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(header));
            Duration left = Duration.between(Instant.now(), moment);
            return left.isNegative() ? Duration.ZERO : left;
        } catch (DateTimeParseException missing) {
            return null;
        }
    }

    /** Return the JSON object in the body. Throws {@code UnexpectedResponse}. */
    JsonObject object() {
        try {
            return JsonObject.of(Json.parse(body));
        } catch (IllegalArgumentException | UnexpectedResponse malformed) {
            String message = "HTTP " + status + ": not a response of the ticket system";
            throw new UnexpectedResponse(message, new ErrorInfo("", status, Map.of(), "", null));
        }
    }
}
