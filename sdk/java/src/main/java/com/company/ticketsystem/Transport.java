package com.company.ticketsystem;

import com.company.ticketsystem.error.ConnectionFailed;
import com.company.ticketsystem.json.Json;
import com.company.ticketsystem.json.JsonObject;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Sends each call until it succeeds, fails for good or has no retries left. */
final class Transport {
    private static final String USER_AGENT = "ticket-system-sdk-java/0.2.0";

    final Credentials credentials;
    /** Fetches new tokens with a refresh token. */
    Function<String, Credentials.Tokens> fetchTokens;
    private final String base;
    private final Retries retries;
    private final Duration timeout;
    private final HttpClient http;

    Transport(String base, Credentials credentials, Retries retries, Duration timeout, HttpClient http) {
        this.base = base.replaceAll("/+$", "");
        this.credentials = credentials;
        this.retries = retries;
        this.timeout = timeout;
        this.http = http != null ? http : HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout.compareTo(Duration.ofSeconds(10)) < 0 ? timeout : Duration.ofSeconds(10))
                .build();
    }

    /** Return the {@code data} of the response. */
    Object data(Call call) {
        return data(send(call));
    }

    /** Return the {@code data} of the response, with its ETag as {@code etag}. */
    JsonObject validated(Call call) {
        Response response = send(call);
        Map<String, Object> data = new LinkedHashMap<>(JsonObject.of(data(response)).toMap());
        data.put("etag", response.header("etag"));
        return JsonObject.of(data);
    }

    /** Send a call until it succeeds. */
    Response send(Call call) {
        String key = call.method().equals("POST") ? UUID.randomUUID().toString() : null;
        Attempts attempts = new Attempts(call, retries);
        while (true) {
            String access = credentials.accessToken();
            long wait;
            try {
                Response response = attempt(call, key, access);
                if (response.isSuccess() || attempts.wasAlreadyDeleted(response)) {
                    return response;
                }
                if (attempts.shouldRenewToken(response) && renew(access)) {
                    continue;
                }
                wait = attempts.delayAfterErrorResponse(response);
            } catch (FileNotFoundException missing) {
                throw new UncheckedIOException(missing);
            } catch (IOException error) {
                wait = attempts.delayAfterConnectionError(error);
            }
            pause(wait);
        }
    }

    private static Object data(Response response) {
        // A repeated DELETE returns 404 if the lost response was a success.
        boolean isEmpty = response.status() == 404 || response.body().isEmpty();
        return isEmpty ? null : response.object().value("data");
    }

    private Response attempt(Call call, String key, String access) throws IOException {
        HttpRequest request = request(call, key, access);
        if (call.sink() == null) {
            HttpResponse<String> response = wait(request, HttpResponse.BodyHandlers.ofString(), true);
            return new Response(response.statusCode(), headers(response), response.body());
        }
        HttpResponse<InputStream> response =
                wait(request, HttpResponse.BodyHandlers.ofInputStream(), false);
        try (InputStream body = response.body()) {
            if (response.statusCode() / 100 != 2) {
                String text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
                return new Response(response.statusCode(), headers(response), text);
            }
            Files.copy(body, call.sink(), StandardCopyOption.REPLACE_EXISTING);
            return new Response(response.statusCode(), headers(response), "");
        }
    }

    private HttpRequest request(Call call, String key, String access) throws FileNotFoundException {
        URI address = URI.create(base + call.path() + Values.query(call.query()));
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .timeout(timeout)
                .header("User-Agent", USER_AGENT)
                .header("Accept", call.sink() == null ? "application/json" : "*/*");
        HttpRequest.BodyPublisher body = HttpRequest.BodyPublishers.noBody();
        if (call.upload() != null) {
            String boundary = "----" + UUID.randomUUID();
            request.header("Content-Type", "multipart/form-data; boundary=" + boundary);
            body = call.upload().body(boundary);
        } else if (call.json() != null) {
            request.header("Content-Type", "application/json");
            body = HttpRequest.BodyPublishers.ofString(Json.write(call.json()));
        }
        if (key != null) {
            request.header("Idempotency-Key", key);
        }
        call.headers().forEach(request::header);
        if (call.isAuthorized()) {
            credentials.authenticate(request, access);
        }
        return request.method(call.method(), body).build();
    }

    /** Return the response, complete within the time limit if {@code isLimited}. */
    private <T> HttpResponse<T> wait(
            HttpRequest request, HttpResponse.BodyHandler<T> handler, boolean isLimited) throws IOException {
        CompletableFuture<HttpResponse<T>> response = http.sendAsync(request, handler);
        try {
            return isLimited ? response.get(timeout.toMillis(), TimeUnit.MILLISECONDS) : response.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof IOException error) {
                throw error;
            }
            throw new IOException(failed.getCause());
        } catch (TimeoutException late) {
            response.cancel(true);
            throw new IOException("no response within " + timeout.toMillis() + " ms");
        } catch (InterruptedException stopped) {
            response.cancel(true);
            Thread.currentThread().interrupt();
            throw new ConnectionFailed("the thread was interrupted", true);
        }
    }

    private static Map<String, String> headers(HttpResponse<?> response) {
        Map<String, String> found = new TreeMap<>();
        response.headers().map().forEach((name, values) -> found.put(name.toLowerCase(Locale.ROOT), values.get(0)));
        return found;
    }

    private boolean renew(String rejected) {
        return fetchTokens != null && credentials.renew(rejected, fetchTokens);
    }

    private static void pause(long milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new ConnectionFailed("the thread was interrupted", true);
        }
    }
}
