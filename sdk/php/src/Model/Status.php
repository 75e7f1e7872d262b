<?php

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

declare(strict_types=1);

namespace Company\TicketSystem\Model;

enum Status: string
{
    case Open = 'open';
    case InProgress = 'in_progress';
    case PendingApproval = 'pending_approval';
    case Resolved = 'resolved';
    case Closed = 'closed';
}
