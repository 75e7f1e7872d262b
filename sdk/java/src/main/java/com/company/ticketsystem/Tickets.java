package com.company.ticketsystem;

import com.company.ticketsystem.model.NewTicket;
import com.company.ticketsystem.model.SearchFilters;
import com.company.ticketsystem.model.Sort;
import com.company.ticketsystem.model.Ticket;
import com.company.ticketsystem.model.TicketChanges;
import com.company.ticketsystem.model.TicketDetails;
import com.company.ticketsystem.model.TicketFilters;
import java.util.List;
import java.util.Map;

/** Tickets and ticket search. A reference is a number such as "TKT-20231201-001". */
public final class Tickets extends Resource {
    Tickets(Transport transport) {
        super(transport);
    }

    /** Create a ticket. */
    public Ticket create(NewTicket ticket) {
        return one(Ticket::read, Call.post("/tickets", ticket.toMap()));
    }

    /** Return a ticket with its comments, files, approvals and activity. */
    public TicketDetails get(String reference) {
        return TicketDetails.read(transport.validated(Call.get(path(reference, ""))));
    }

    /** Return a ticket by its id. */
    public TicketDetails get(long id) {
        return get(Long.toString(id));
    }

    /** Return the first page of the tickets that the caller may see. */
    public Page<Ticket> list() {
        return list(new TicketFilters());
    }

    /** Return a page of the tickets that the caller may see; {@code all()} iterates over every page. */
    public Page<Ticket> list(TicketFilters filters) {
        return page(Ticket::read, Ticket::id, Call.get("/tickets").withQuery(filters.toMap()));
    }

    /** Search tickets (Advanced Search), best match first. */
    public Page<Ticket> search(String query) {
        return search(query, new SearchFilters(), List.of(), 1, 20);
    }

    /** Search tickets (Advanced Search), best match first unless sorted. */
    public Page<Ticket> search(String query, SearchFilters filters, List<Sort> sort, long page, long size) {
        Map<String, Object> body = Values.given(
                "query", query,
                "filters", filters.toMap(),
                "sort", sort.stream().map(Sort::toMap).toList(),
                "page", page,
                "size", size);
        return page(Ticket::read, Ticket::id, Call.post("/tickets/search", body));
    }

    /** Change a ticket. */
    public Ticket update(String reference, TicketChanges changes) {
        return one(Ticket::read, Call.patch(path(reference, ""), changes.toMap()));
    }

    /** Change a ticket. */
    public Ticket update(long id, TicketChanges changes) {
        return update(Long.toString(id), changes);
    }

    /** Change a ticket only if it still has this etag. Throws {@code VersionConflict}. */
    public Ticket update(String reference, TicketChanges changes, String etag) {
        Call call = Call.patch(path(reference, ""), changes.toMap());
        return one(Ticket::read, call.withHeader("If-Match", etag).once());
    }

    /** Change a ticket only if it still has this etag. Throws {@code VersionConflict}. */
    public Ticket update(long id, TicketChanges changes, String etag) {
        return update(Long.toString(id), changes, etag);
    }

    /** Delete a ticket. */
    public void delete(String reference) {
        transport.send(Call.delete(path(reference, "")));
    }

    /** Delete a ticket. */
    public void delete(long id) {
        delete(Long.toString(id));
    }

    /** Merge a ticket into another one of the same requester, and return that one. */
    public Ticket merge(String reference, String into) {
        return one(Ticket::read, Call.post(path(reference, "/merge"), Values.given("into", into)));
    }

    /** Merge a ticket into another one of the same requester, and return that one. */
    public Ticket merge(long id, long into) {
        Map<String, Object> body = Values.given("into", into);
        return one(Ticket::read, Call.post(path(Long.toString(id), "/merge"), body));
    }

    /** Undo the merge of a ticket, and return it as it was before. */
    public Ticket unmerge(String reference) {
        return one(Ticket::read, Call.post(path(reference, "/unmerge"), null));
    }

    /** Undo the merge of a ticket, and return it as it was before. */
    public Ticket unmerge(long id) {
        return unmerge(Long.toString(id));
    }

    private static String path(String reference, String rest) {
        return "/tickets/" + Values.segment(reference) + rest;
    }
}
