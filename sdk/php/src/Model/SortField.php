<?php

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

declare(strict_types=1);

namespace Company\TicketSystem\Model;

enum SortField: string
{
    case Relevance = 'relevance';
    case CreatedAt = 'created_at';
    case UpdatedAt = 'updated_at';
    case Priority = 'priority';
    case Status = 'status';
    case DueDate = 'due_date';
    case TicketNumber = 'ticket_number';
}
