package com.company.ticketsystem;

import com.company.ticketsystem.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** A group of endpoints. */
abstract class Resource {
    final Transport transport;

    Resource(Transport transport) {
        this.transport = transport;
    }

    <T> T one(Function<JsonObject, T> read, Call call) {
        return read.apply(JsonObject.of(transport.data(call)));
    }

    <T> Page<T> page(Function<JsonObject, T> read, ToLongFunction<T> id, Call call) {
        JsonObject data = JsonObject.of(transport.data(call));
        JsonObject totals = data.value("pagination") == null ? data : JsonObject.of(data.value("pagination"));
        return new Page<>(
                data.models("items", read), totals, id, number -> page(read, id, call.forPage(number)));
    }

    /** Write the response of a call to a file, which appears when it is complete. */
    Path download(Call call, Path to) {
        try {
            Path target = to.toAbsolutePath();
            Path part = Files.createTempFile(target.getParent(), ".", ".part");
            try {
                transport.send(call.into(part));
                return Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }
}
