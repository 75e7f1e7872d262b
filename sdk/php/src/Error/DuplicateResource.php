<?php

declare(strict_types=1);

namespace Company\TicketSystem\Error;

/** The resource exists already. */
class DuplicateResource extends TicketSystemError
{
}
