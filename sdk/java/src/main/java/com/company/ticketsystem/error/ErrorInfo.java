package com.company.ticketsystem.error;

import java.time.Duration;
import java.util.Map;

/** What a response says about an error. */
public record ErrorInfo(
        String code, Integer status, Map<String, Object> details, String requestId, Duration retryAfter) {
    static final ErrorInfo NONE = new ErrorInfo("", null, Map.of(), "", null);
}
