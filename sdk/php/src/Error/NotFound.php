<?php

declare(strict_types=1);

namespace Company\TicketSystem\Error;

/** The resource does not exist, or the caller may not see it. */
class NotFound extends TicketSystemError
{
}
