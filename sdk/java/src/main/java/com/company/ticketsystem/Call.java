package com.company.ticketsystem;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A request. A {@code repeatable} one may be sent again even if the first may have taken effect; the
 * body of its response is written to {@code sink} if there is one.
 */
record Call(
        String method,
        String path,
        Map<String, Object> query,
        Map<String, Object> json,
        Upload upload,
        Map<String, String> headers,
        boolean isAuthorized,
        boolean isRepeatable,
        Path sink) {

    static Call get(String path) {
        return new Call("GET", path, Map.of(), null, null, Map.of(), true, true, null);
    }

    static Call post(String path, Map<String, Object> json) {
        return new Call("POST", path, Map.of(), json, null, Map.of(), true, true, null);
    }

    static Call patch(String path, Map<String, Object> json) {
        return new Call("PATCH", path, Map.of(), json, null, Map.of(), true, true, null);
    }

    static Call delete(String path) {
        return new Call("DELETE", path, Map.of(), null, null, Map.of(), true, true, null);
    }

    Call withQuery(Map<String, Object> values) {
        return new Call(method, path, values, json, upload, headers, isAuthorized, isRepeatable, sink);
    }

    Call withUpload(Upload file) {
        return new Call(method, path, query, json, file, headers, isAuthorized, isRepeatable, sink);
    }

    Call withHeader(String name, String value) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put(name, value);
        return new Call(method, path, query, json, upload, all, isAuthorized, isRepeatable, sink);
    }

    Call unauthorized() {
        return new Call(method, path, query, json, upload, headers, false, isRepeatable, sink);
    }

    Call once() {
        return new Call(method, path, query, json, upload, headers, isAuthorized, false, sink);
    }

    Call into(Path file) {
        return new Call(method, path, query, json, upload, headers, isAuthorized, isRepeatable, file);
    }

    /** Return the same call for another page of its list. */
    Call forPage(long page) {
        Map<String, Object> values = new LinkedHashMap<>(json == null ? query : json);
        values.put("page", page);
        return json == null ? withQuery(values) : post(path, values);
    }
}
