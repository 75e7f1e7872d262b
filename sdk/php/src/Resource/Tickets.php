<?php

declare(strict_types=1);

namespace Company\TicketSystem\Resource;

use Company\TicketSystem\Internal\Call;
use Company\TicketSystem\Internal\Fields;
use Company\TicketSystem\Internal\Values;
use Company\TicketSystem\Model\Order;
use Company\TicketSystem\Model\Priority;
use Company\TicketSystem\Model\Shapes;
use Company\TicketSystem\Model\SortField;
use Company\TicketSystem\Model\Status;
use Company\TicketSystem\Model\Ticket;
use Company\TicketSystem\Model\TicketDetails;
use Company\TicketSystem\Model\TicketType;
use Company\TicketSystem\Page;

/**
 * Tickets and ticket search. An `$id` may be the numeric id or a reference such as "TKT-20231201-001".
 *
 * @phpstan-import-type NewTicket from Shapes
 * @phpstan-import-type TicketChanges from Shapes
 * @phpstan-import-type SearchFilters from Shapes
 * @phpstan-import-type Sort from Shapes
 */
final class Tickets extends Resource
{
    /**
     * Create a ticket.
     *
     * @param NewTicket $ticket
     */
    public function create(array $ticket): Ticket
    {
        return $this->one(Ticket::read(...), new Call('POST', '/tickets', json: $ticket));
    }

    /** Return a ticket with its comments, files, approvals and activity. */
    public function get(int|string $id): TicketDetails
    {
        $data = $this->transport->validated(new Call('GET', '/tickets/' . Values::segment($id)));
        return TicketDetails::read(Fields::of($data));
    }

    /**
     * Return a page of the tickets that the caller may see; `all()` iterates over every page.
     *
     * @param string|list<string>|null $tags
     * @return Page<Ticket>
     */
    public function list(
        ?int $page = null,
        ?int $size = null,
        Status|string|null $status = null,
        Priority|string|null $priority = null,
        ?string $search = null,
        ?int $createdById = null,
        ?int $assignedToId = null,
        ?int $departmentId = null,
        \DateTimeInterface|string|null $createdAfter = null,
        array|string|null $tags = null,
        TicketType|string|null $ticketType = null,
        SortField|string|null $sort = null,
        Order|string|null $order = null,
    ): Page {
        return $this->page(Ticket::read(...), new Call('GET', '/tickets', Values::query([
            'page' => $page,
            'size' => $size,
            'status' => $status,
            'priority' => $priority,
            'search' => $search,
            'created_by_id' => $createdById,
            'assigned_to_id' => $assignedToId,
            'department_id' => $departmentId,
            'created_after' => $createdAfter,
            'tags' => $tags,
            'ticket_type' => $ticketType,
            'sort' => $sort,
            'order' => $order,
        ])));
    }

    /**
     * Search tickets (Advanced Search), best match first unless sorted.
     *
     * @param SearchFilters $filters
     * @param list<Sort> $sort
     * @return Page<Ticket>
     */
    public function search(
        string $query = '',
        array $filters = [],
        array $sort = [],
        int $page = 1,
        int $size = 20,
    ): Page {
        return $this->page(Ticket::read(...), new Call('POST', '/tickets/search', json: [
            'query' => $query,
            'filters' => (object) Values::plain($filters),
            'sort' => $sort,
            'page' => $page,
            'size' => $size,
        ]));
    }

    /**
     * Change a ticket, with `$ifMatch` only if it still has that `etag`; null clears a field.
     *
     * @param TicketChanges $changes
     */
    public function update(int|string $id, array $changes, ?string $ifMatch = null): Ticket
    {
        return $this->one(Ticket::read(...), new Call(
            'PATCH',
            '/tickets/' . Values::segment($id),
            json: $changes,
            headers: Values::given(['If-Match' => $ifMatch]),
            isRepeatable: $ifMatch === null,
        ));
    }

    /** Delete a ticket. */
    public function delete(int|string $id): void
    {
        $this->transport->send(new Call('DELETE', '/tickets/' . Values::segment($id)));
    }

    /** Merge a ticket into another one of the same requester, and return that one. */
    public function merge(int|string $id, int|string $into): Ticket
    {
        $path = '/tickets/' . Values::segment($id) . '/merge';
        return $this->one(Ticket::read(...), new Call('POST', $path, json: ['into' => $into]));
    }

    /** Undo the merge of a ticket, and return it as it was before. */
    public function unmerge(int|string $id): Ticket
    {
        $path = '/tickets/' . Values::segment($id) . '/unmerge';
        return $this->one(Ticket::read(...), new Call('POST', $path));
    }
}
