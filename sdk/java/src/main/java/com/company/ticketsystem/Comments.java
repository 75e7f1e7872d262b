package com.company.ticketsystem;

import com.company.ticketsystem.model.Comment;
import com.company.ticketsystem.model.NewComment;
import com.company.ticketsystem.model.TextFormat;
import java.util.Map;

/** The comments of tickets. */
public final class Comments extends Resource {
    Comments(Transport transport) {
        super(transport);
    }

    /** Add a comment to a ticket. */
    public Comment create(long ticketId, String content) {
        return create(ticketId, new NewComment(content));
    }

    /** Add a comment to a ticket; mentions are "@username". */
    public Comment create(long ticketId, NewComment comment) {
        return one(Comment::read, Call.post("/comments/ticket/" + ticketId, comment.toMap()));
    }

    /** Return the first page of a ticket's comments. */
    public Page<Comment> list(long ticketId) {
        return list(ticketId, 1, 20, false);
    }

    /** Return a page of a ticket's comments. */
    public Page<Comment> list(long ticketId, long page, long size, boolean includeInternal) {
        Map<String, Object> query =
                Values.given("page", page, "size", size, "include_internal", includeInternal);
        return page(Comment::read, Comment::id, Call.get("/comments/ticket/" + ticketId).withQuery(query));
    }

    /** Change a comment's content. */
    public Comment update(long id, String content) {
        return update(id, content, null);
    }

    /** Change a comment's content, its format or both; null leaves it as it is. */
    public Comment update(long id, String content, TextFormat format) {
        Map<String, Object> changes = Values.given("content", content, "format", format);
        return one(Comment::read, Call.patch("/comments/" + id, changes));
    }

    /** Delete a comment. */
    public void delete(long id) {
        transport.send(Call.delete("/comments/" + id));
    }
}
