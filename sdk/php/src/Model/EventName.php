<?php

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

declare(strict_types=1);

namespace Company\TicketSystem\Model;

enum EventName: string
{
    case TicketCreated = 'ticket.created';
    case TicketUpdated = 'ticket.updated';
    case TicketStatusChanged = 'ticket.status_changed';
    case TicketAssigned = 'ticket.assigned';
    case CommentAdded = 'comment.added';
    case ApprovalRequested = 'approval.requested';
    case ApprovalProcessed = 'approval.processed';
    case FileUploaded = 'file.uploaded';
    case TicketSlaWarning = 'ticket.sla_warning';
    case TicketSlaBreached = 'ticket.sla_breached';
}
