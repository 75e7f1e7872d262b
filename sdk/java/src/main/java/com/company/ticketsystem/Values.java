package com.company.ticketsystem;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** What methods are given, as the API expects it. */
final class Values {
    private Values() {}

    /** Return the values that are not null, from names and values in turn. */
    static Map<String, Object> given(Object... namesAndValues) {
        Map<String, Object> found = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (namesAndValues[i + 1] != null) {
                found.put((String) namesAndValues[i], namesAndValues[i + 1]);
            }
        }
        return found;
    }

    /** Return the query of an address, with its question mark; empty without values. */
    static String query(Map<String, Object> values) {
        return values.entrySet().stream()
                .filter(one -> one.getValue() != null)
                .map(one -> one.getKey() + "=" + encode(one.getValue().toString()))
                .collect(Collectors.collectingAndThen(
                        Collectors.joining("&"), text -> text.isEmpty() ? "" : "?" + text));
    }

    /** Return an id, escaped as one segment of a path. */
    static String segment(String id) {
        return encode(id);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
