<?php

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

declare(strict_types=1);

namespace Company\TicketSystem\Model;

/**
 * The fields of the arrays that methods take, for static analysis.
 *
 * @phpstan-type NewComment array{
 *     content: string,
 *     is_internal?: bool,
 *     mentions?: list<int|string>,
 *     attachments?: list<int|string>,
 *     format?: TextFormat|value-of<TextFormat>|null,
 * }
 *
 * @phpstan-type NewTicket array{
 *     title: string,
 *     description: string,
 *     priority?: Priority|value-of<Priority>,
 *     status?: Status|value-of<Status>|null,
 *     ticket_type?: TicketType|value-of<TicketType>,
 *     department_id?: int|null,
 *     assigned_to_id?: int|null,
 *     tags?: list<string>,
 *     due_date?: \DateTimeInterface|string|null,
 *     attachments?: list<int|string>,
 *     format?: TextFormat|value-of<TextFormat>|null,
 * }
 *
 * @phpstan-type NewWebhook array{
 *     url: string,
 *     events: list<EventName|value-of<EventName>>,
 *     secret?: string|null,
 *     active?: bool,
 * }
 *
 * @phpstan-type SearchFilters array{
 *     status?: list<Status|value-of<Status>>,
 *     priority?: list<Priority|value-of<Priority>>,
 *     ticket_type?: list<TicketType|value-of<TicketType>>,
 *     created_after?: \DateTimeInterface|string|null,
 *     created_before?: \DateTimeInterface|string|null,
 *     departments?: list<int>,
 *     tags?: list<string>,
 *     assigned_to?: int|null,
 *     created_by?: int|null,
 *     overdue?: bool,
 *     sla_breached?: bool,
 * }
 *
 * @phpstan-type Sort array{
 *     field: SortField|value-of<SortField>,
 *     order?: Order|value-of<Order>,
 * }
 *
 * @phpstan-type TicketChanges array{
 *     title?: string|null,
 *     description?: string|null,
 *     status?: Status|value-of<Status>|null,
 *     priority?: Priority|value-of<Priority>|null,
 *     ticket_type?: TicketType|value-of<TicketType>|null,
 *     assigned_to_id?: int|null,
 *     department_id?: int|null,
 *     tags?: list<string>|null,
 *     due_date?: \DateTimeInterface|string|null,
 *     internal_notes?: string|null,
 *     public_notes?: string|null,
 *     customer_satisfaction_rating?: int|null,
 *     format?: TextFormat|value-of<TextFormat>|null,
 * }
 *
 * @phpstan-type TicketFilters array{
 *     status?: Status|value-of<Status>|null,
 *     priority?: Priority|value-of<Priority>|null,
 *     search?: string,
 *     created_by_id?: int|null,
 *     assigned_to_id?: int|null,
 *     department_id?: int|null,
 *     created_after?: \DateTimeInterface|string|null,
 *     tags?: string|null,
 *     ticket_type?: TicketType|value-of<TicketType>|null,
 *     sort?: SortField|value-of<SortField>,
 *     order?: Order|value-of<Order>,
 *     page?: int,
 *     size?: int,
 * }
 *
 * @phpstan-type WebhookChanges array{
 *     url?: string|null,
 *     events?: list<EventName|value-of<EventName>>|null,
 *     active?: bool|null,
 * }
 */
interface Shapes
{
}
