package com.company.ticketsystem.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The fields that a request sends: those that were set, also if they were set to null. */
public abstract class RequestFields {
    private final Map<String, Object> values = new LinkedHashMap<>();

    void set(String name, Object value) {
        values.put(name, value);
    }

    /** Return the fields by their names in the API. */
    public Map<String, Object> toMap() {
        return Collections.unmodifiableMap(values);
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + values.keySet();
    }
}
