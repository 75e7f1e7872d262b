package com.company.ticketsystem.json;

import com.company.ticketsystem.error.UnexpectedResponse;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The fields of an object in a response, each read as the type it should have. */
public final class JsonObject {
    private final Map<String, Object> values;

    private JsonObject(Map<String, Object> values) {
        this.values = values;
    }

    /** Return a value as an object. Throws {@code UnexpectedResponse} if it is not one. */
    public static JsonObject of(Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            throw new UnexpectedResponse("the response has no object where there should be one");
        }
        Map<String, Object> values = new LinkedHashMap<>();
        map.forEach((name, inner) -> values.put(String.valueOf(name), inner));
        return new JsonObject(Collections.unmodifiableMap(values));
    }

    /** Return all fields. */
    public Map<String, Object> toMap() {
        return values;
    }

    /** Return a value of any type, or null. */
    public Object value(String field) {
        return values.get(field);
    }

    /** Return a value that must be there. */
    public long integer(String field) {
        return required(field, optionalInteger(field));
    }

    /** Return a value, or null. */
    public Long optionalInteger(String field) {
        return typed(field, Long.class);
    }

    /** Return a value that must be there. */
    public double number(String field) {
        return required(field, optionalNumber(field));
    }

    /** Return a value, or null. */
    public Double optionalNumber(String field) {
        Number number = typed(field, Number.class);
        return number == null ? null : number.doubleValue();
    }

    /** Return a value that must be there. */
    public boolean flag(String field) {
        return required(field, optionalFlag(field));
    }

    /** Return a value, or null. */
    public Boolean optionalFlag(String field) {
        return typed(field, Boolean.class);
    }

    /** Return a value that must be there. */
    public String string(String field) {
        return required(field, optionalString(field));
    }

    /** Return a value, or null. */
    public String optionalString(String field) {
        return typed(field, String.class);
    }

    /** Return a value that must be there. */
    public Instant time(String field) {
        return required(field, optionalTime(field));
    }

    /** Return a value, or null. */
    public Instant optionalTime(String field) {
        return parsed(field, text -> OffsetDateTime.parse(text).toInstant());
    }

    /** Return a value that must be there. */
    public LocalDate date(String field) {
        return required(field, optionalDate(field));
    }

    /** Return a value, or null. */
    public LocalDate optionalDate(String field) {
        return parsed(field, LocalDate::parse);
    }

    /** Return a value that must be there. */
    public Map<String, Object> object(String field) {
        return required(field, optionalObject(field));
    }

    /** Return a value, or null. */
    public Map<String, Object> optionalObject(String field) {
        Object value = values.get(field);
        return value == null ? null : of(value).toMap();
    }

    /** Return the values of a list. */
    public List<Object> values(String field) {
        return list(field, value -> value);
    }

    /** Return the texts of a list. */
    public List<String> strings(String field) {
        return list(field, value -> cast(field, value, String.class));
    }

    /** Return the whole numbers of a list. */
    public List<Long> integers(String field) {
        return list(field, value -> cast(field, value, Long.class));
    }

    /** Return a model that must be there. */
    public <T> T model(String field, Function<JsonObject, T> read) {
        return read.apply(of(values.get(field)));
    }

    /** Return a model, or null. */
    public <T> T optionalModel(String field, Function<JsonObject, T> read) {
        return values.get(field) == null ? null : model(field, read);
    }

    /** Return the models of a list. */
    public <T> List<T> models(String field, Function<JsonObject, T> read) {
        return list(field, value -> read.apply(of(value)));
    }

    private <T> List<T> list(String field, Function<Object, T> read) {
        Object value = values.get(field);
        if (value == null) {
            return List.of();
        }
        List<T> items = new ArrayList<>();
        for (Object item : (List<?>) cast(field, value, List.class)) {
            items.add(read.apply(item));
        }
        return Collections.unmodifiableList(items);
    }

    private <T> T parsed(String field, Function<String, T> parse) {
        String text = typed(field, String.class);
        try {
            return text == null ? null : parse.apply(text);
        } catch (DateTimeParseException malformed) {
            throw unexpected(field);
        }
    }

    private <T> T typed(String field, Class<T> type) {
        Object value = values.get(field);
        return value == null ? null : cast(field, value, type);
    }

    private static <T> T cast(String field, Object value, Class<T> type) {
        if (!type.isInstance(value)) {
            throw unexpected(field);
        }
        return type.cast(value);
    }

    private static <T> T required(String field, T value) {
        if (value == null) {
            throw unexpected(field);
        }
        return value;
    }

    private static UnexpectedResponse unexpected(String field) {
        return new UnexpectedResponse("the field " + field + " of the response is missing or malformed");
    }
}
