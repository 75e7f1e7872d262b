package com.company.ticketsystem;

import com.company.ticketsystem.model.Attachment;
import java.nio.file.Path;

/** The files of tickets. */
public final class Attachments extends Resource {
    Attachments(Transport transport) {
        super(transport);
    }

    /** Upload a file. */
    public Attachment upload(long ticketId, Path file) {
        return upload(ticketId, Upload.of(file));
    }

    /** Upload a file with a description, another name or of which only the content is there. */
    public Attachment upload(long ticketId, Upload upload) {
        String path = "/attachments/ticket/" + ticketId + "/upload";
        return one(Attachment::read, Call.post(path, null).withUpload(upload));
    }

    /** Return the first page of a ticket's files. */
    public Page<Attachment> list(long ticketId) {
        return list(ticketId, 1, 20);
    }

    /** Return a page of a ticket's files. */
    public Page<Attachment> list(long ticketId, long page, long size) {
        Call call = Call.get("/attachments/ticket/" + ticketId);
        return page(Attachment::read, Attachment::id, call.withQuery(Values.given("page", page, "size", size)));
    }

    /** Return the metadata of a file. */
    public Attachment get(long id) {
        return one(Attachment::read, Call.get("/attachments/" + id));
    }

    /** Write a file to a path, where it appears when it is complete; return the path. */
    public Path download(long id, Path to) {
        return download(Call.get("/attachments/" + id + "/download"), to);
    }

    /** Delete a file. */
    public void delete(long id) {
        transport.send(Call.delete("/attachments/" + id));
    }
}
