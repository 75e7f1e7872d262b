<?php

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

declare(strict_types=1);

namespace Company\TicketSystem\Model;

enum TicketType: string
{
    case Incident = 'incident';
    case Request = 'request';
    case Problem = 'problem';
    case Change = 'change';
}
