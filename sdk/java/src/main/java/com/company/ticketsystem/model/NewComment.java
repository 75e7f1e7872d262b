// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

import java.util.List;

/** Add Comment. */
public final class NewComment extends RequestFields {
    /** With what is required. */
    public NewComment(String content) {
        set("content", content);
    }

    /** Set {@code is_internal}. */
    public NewComment isInternal(boolean isInternal) {
        set("is_internal", isInternal);
        return this;
    }

    /** Set {@code mentions}. */
    public NewComment mentions(List<Object> mentions) {
        set("mentions", mentions);
        return this;
    }

    /** Set {@code attachments}. */
    public NewComment attachments(List<Object> attachments) {
        set("attachments", attachments);
        return this;
    }

    /** Set {@code format}. */
    public NewComment format(TextFormat format) {
        set("format", format);
        return this;
    }
}
