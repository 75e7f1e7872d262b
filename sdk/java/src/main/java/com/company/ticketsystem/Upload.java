package com.company.ticketsystem;

import java.io.FileNotFoundException;
import java.net.URLConnection;
import java.net.http.HttpRequest;
import java.nio.file.Path;

/** A file to upload. */
public final class Upload {
    private final Path path;
    private final byte[] content;
    private String filename;
    private String contentType;
    private String description;
    private boolean isInternal;

    private Upload(Path path, byte[] content, String filename) {
        this.path = path;
        this.content = content;
        this.filename = filename;
    }

    /** A file of this computer. */
    public static Upload of(Path path) {
        return new Upload(path, null, path.getFileName().toString());
    }

    /** A file given by its content. */
    public static Upload of(byte[] content, String filename) {
        return new Upload(null, content.clone(), filename);
    }

    /** Give it another name. */
    public Upload filename(String name) {
        this.filename = name;
        return this;
    }

    /** Say what type it has; by default the type follows from its name. */
    public Upload contentType(String type) {
        this.contentType = type;
        return this;
    }

    /** Describe it. */
    public Upload description(String text) {
        this.description = text;
        return this;
    }

    /** Show it to staff only. */
    public Upload internal(boolean internal) {
        this.isInternal = internal;
        return this;
    }

    /** Return it as the body of a multipart/form-data request. */
    HttpRequest.BodyPublisher body(String boundary) throws FileNotFoundException {
        StringBuilder head = new StringBuilder();
        if (description != null) {
            head.append(part(boundary, "description")).append("\r\n").append(description).append("\r\n");
        }
        head.append(part(boundary, "is_internal")).append("\r\n").append(isInternal).append("\r\n");
        head.append(part(boundary, "file\"; filename=\"" + escape(filename)))
                .append("Content-Type: ").append(type()).append("\r\n\r\n");
        return HttpRequest.BodyPublishers.concat(
                HttpRequest.BodyPublishers.ofString(head.toString()),
                path == null
                        ? HttpRequest.BodyPublishers.ofByteArray(content)
                        : HttpRequest.BodyPublishers.ofFile(path),
                HttpRequest.BodyPublishers.ofString("\r\n--" + boundary + "--\r\n"));
    }

    private static String part(String boundary, String name) {
        return "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n";
    }

    private String type() {
        String guessed = URLConnection.guessContentTypeFromName(filename);
        String type = contentType == null ? guessed : contentType;
        return type == null ? "application/octet-stream" : type.replaceAll("[\r\n]", "");
    }

    private static String escape(String name) {
        return name.replace("\r", "%0D").replace("\n", "%0A").replace("\"", "%22");
    }
}
