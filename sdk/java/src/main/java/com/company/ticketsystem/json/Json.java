package com.company.ticketsystem.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads and writes JSON (RFC 8259).
 *
 * <p>Objects are maps, arrays are lists, numbers are {@code Long} if they are whole and fit, else
 * {@code Double}.
 */
public final class Json {
    private static final int MAX_DEPTH = 200;
    private static final String ESCAPES = "\"\\/bfnrt";
    private static final String ESCAPED = "\"\\/\b\f\n\r\t";

    private final String text;
    private int position;
    private int depth;

    private Json(String text) {
        this.text = text;
    }

    /** Return the value of a JSON text. Throws {@code IllegalArgumentException} if it is malformed. */
    public static Object parse(String text) {
        Json json = new Json(text);
        Object value = json.value();
        if (json.next() != '\0' || json.position != text.length()) {
            throw json.malformed();
        }
        return value;
    }

    /** Return the JSON text of a value; a time is written as ISO 8601, an enumeration as its text. */
    public static String write(Object value) {
        StringBuilder out = new StringBuilder();
        append(out, value);
        return out.toString();
    }

    private static void append(StringBuilder out, Object value) {
        if (value == null || value instanceof Boolean) {
            out.append(value);
        } else if (value instanceof Number number) {
            if (!Double.isFinite(number.doubleValue())) {
                throw new IllegalArgumentException("JSON has no number like " + number);
            }
            out.append(number);
        } else if (value instanceof Map<?, ?> map) {
            String separator = "{";
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.append(separator);
                appendText(out, String.valueOf(entry.getKey()));
                out.append(':');
                append(out, entry.getValue());
                separator = ",";
            }
            out.append(map.isEmpty() ? "{}" : "}");
        } else if (value instanceof Iterable<?> items) {
            out.append('[');
            String separator = "";
            for (Object item : items) {
                out.append(separator);
                append(out, item);
                separator = ",";
            }
            out.append(']');
        } else {
            appendText(out, value.toString());
        }
    }

    private static void appendText(StringBuilder out, String text) {
        out.append('"');
        for (char one : text.toCharArray()) {
            int escape = one == '/' ? -1 : ESCAPED.indexOf(one);
            if (escape >= 0) {
                out.append('\\').append(ESCAPES.charAt(escape));
            } else if (one < ' ' || Character.isSurrogate(one)) {
                out.append(String.format("\\u%04x", (int) one));
            } else {
                out.append(one);
            }
        }
        out.append('"');
    }

    private Object value() {
        char first = next();
        if (first == '{' || first == '[') {
            if (++depth > MAX_DEPTH) {
                throw malformed();
            }
            Object value = first == '{' ? object() : array();
            depth--;
            return value;
        }
        return switch (first) {
            case '"' -> string();
            case 't' -> literal("true", Boolean.TRUE);
            case 'f' -> literal("false", Boolean.FALSE);
            case 'n' -> literal("null", null);
            default -> number();
        };
    }

    private Map<String, Object> object() {
        Map<String, Object> values = new LinkedHashMap<>();
        position++;
        if (next() == '}') {
            position++;
            return values;
        }
        while (true) {
            if (next() != '"') {
                throw malformed();
            }
            String name = string();
            expect(':');
            values.put(name, value());
            if (next() == '}') {
                position++;
                return values;
            }
            expect(',');
        }
    }

    private List<Object> array() {
        List<Object> values = new ArrayList<>();
        position++;
        if (next() == ']') {
            position++;
            return values;
        }
        while (true) {
            values.add(value());
            if (next() == ']') {
                position++;
                return values;
            }
            expect(',');
        }
    }

    private String string() {
        StringBuilder out = new StringBuilder();
        position++;
        while (true) {
            char one = at(position++);
            if (one == '"') {
                return out.toString();
            }
            if (one < ' ') {
                throw malformed();
            }
            out.append(one == '\\' ? escape() : one);
        }
    }

    private char escape() {
        char letter = at(position++);
        if (letter == 'u') {
            int code = 0;
            for (int i = 0; i < 4; i++) {
                int digit = Character.digit(at(position++), 16);
                if (digit < 0) {
                    throw malformed();
                }
                code = code * 16 + digit;
            }
            return (char) code;
        }
        int known = ESCAPES.indexOf(letter);
        if (known < 0) {
            throw malformed();
        }
        return ESCAPED.charAt(known);
    }

    private Object literal(String name, Object value) {
        if (!text.startsWith(name, position)) {
            throw malformed();
        }
        position += name.length();
        return value;
    }

    private Object number() {
        Matcher matcher = NUMBER.matcher(text).region(position, text.length());
        if (!matcher.lookingAt()) {
            throw malformed();
        }
        position = matcher.end();
        if (matcher.group(1) == null) {
            try {
                return Long.valueOf(matcher.group());
            } catch (NumberFormatException tooLong) {
                return Double.valueOf(matcher.group());
            }
        }
        return Double.valueOf(matcher.group());
    }

    private static final Pattern NUMBER =
            Pattern.compile("-?(?:0|[1-9][0-9]*)((?:\\.[0-9]+)?(?:[eE][-+]?[0-9]+)|\\.[0-9]+)?");

    /** Skip white space and return the next character, or zero at the end. */
    private char next() {
        while (position < text.length() && " \t\r\n".indexOf(text.charAt(position)) >= 0) {
            position++;
        }
        return position < text.length() ? text.charAt(position) : '\0';
    }

    private void expect(char one) {
        if (next() != one) {
            throw malformed();
        }
        position++;
    }

    private char at(int index) {
        if (index >= text.length()) {
            throw malformed();
        }
        return text.charAt(index);
    }

    private IllegalArgumentException malformed() {
        return new IllegalArgumentException("not valid JSON at character " + position);
    }
}
