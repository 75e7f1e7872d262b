<?php

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

declare(strict_types=1);

namespace Company\TicketSystem\Model;

enum Order: string
{
    case Asc = 'asc';
    case Desc = 'desc';
}
