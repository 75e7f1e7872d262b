package com.company.ticketsystem;

import com.company.ticketsystem.error.AuthenticationRequired;
import com.company.ticketsystem.error.BusinessRuleViolation;
import com.company.ticketsystem.error.DuplicateResource;
import com.company.ticketsystem.error.ErrorInfo;
import com.company.ticketsystem.error.ExternalServiceError;
import com.company.ticketsystem.error.NotFound;
import com.company.ticketsystem.error.PermissionDenied;
import com.company.ticketsystem.error.RateLimited;
import com.company.ticketsystem.error.TicketSystemError;
import com.company.ticketsystem.error.UnexpectedResponse;
import com.company.ticketsystem.error.ValidationError;
import com.company.ticketsystem.error.VersionConflict;
import com.company.ticketsystem.json.Json;
import com.company.ticketsystem.json.JsonObject;
import java.util.Map;
import java.util.function.BiFunction;

/** The errors that responses report. */
final class Errors {
    private static final Map<String, BiFunction<String, ErrorInfo, TicketSystemError>> BY_CODE = Map.of(
            "VALIDATION_ERROR", ValidationError::new,
            "AUTHENTICATION_REQUIRED", AuthenticationRequired::new,
            "PERMISSION_DENIED", PermissionDenied::new,
            "RESOURCE_NOT_FOUND", NotFound::new,
            "DUPLICATE_RESOURCE", DuplicateResource::new,
            "BUSINESS_RULE_VIOLATION", BusinessRuleViolation::new,
            "RATE_LIMIT_EXCEEDED", RateLimited::new,
            "EXTERNAL_SERVICE_ERROR", ExternalServiceError::new);
    /** For responses without a code. */
    private static final Map<Integer, BiFunction<String, ErrorInfo, TicketSystemError>> BY_STATUS = Map.of(
            400, ValidationError::new,
            401, AuthenticationRequired::new,
            403, PermissionDenied::new,
            404, NotFound::new,
            409, DuplicateResource::new,
            422, BusinessRuleViolation::new,
            429, RateLimited::new);

    private Errors() {}

    /** Return the error of a response. */
    static TicketSystemError of(Response response) {
        Map<?, ?> body = mapOf(response.body());
        Map<?, ?> error = body.get("error") instanceof Map<?, ?> map ? map : Map.of();
        String code = text(error.get("code"), "");
        String requestId = text(body.get("request_id"), text(response.header("x-request-id"), ""));
        Map<String, Object> details =
                error.get("details") instanceof Map<?, ?> map ? JsonObject.of(map).toMap() : Map.of();
        ErrorInfo info = new ErrorInfo(code, response.status(), details, requestId, response.retryAfter());
        String message = text(error.get("message"), "HTTP " + response.status());
        return constructor(response.status(), code).apply(message, info);
    }

    private static BiFunction<String, ErrorInfo, TicketSystemError> constructor(int status, String code) {
        if (status == 412) {
            return VersionConflict::new;
        }
        if (BY_CODE.containsKey(code)) {
            return BY_CODE.get(code);
        }
        return BY_STATUS.getOrDefault(
                status, status >= 500 ? ExternalServiceError::new : UnexpectedResponse::new);
    }

    private static Map<?, ?> mapOf(String body) {
        try {
            return Json.parse(body) instanceof Map<?, ?> map ? map : Map.of();
        } catch (IllegalArgumentException notJson) {
            return Map.of();
        }
    }

    private static String text(Object value, String otherwise) {
        return value instanceof String text ? text : otherwise;
    }
}
