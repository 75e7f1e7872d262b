<?php

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

declare(strict_types=1);

namespace Company\TicketSystem\Model;

enum TextFormat: string
{
    case Plain = 'plain';
    case Markdown = 'markdown';
}
