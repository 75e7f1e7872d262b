<?php

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

declare(strict_types=1);

namespace Company\TicketSystem\Model;

enum ApprovalAction: string
{
    case Approve = 'approve';
    case Reject = 'reject';
    case Delegate = 'delegate';
    case RequestInfo = 'request_info';
}
