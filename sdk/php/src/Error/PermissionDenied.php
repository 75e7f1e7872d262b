<?php

declare(strict_types=1);

namespace Company\TicketSystem\Error;

/** The caller may not do this. */
class PermissionDenied extends TicketSystemError
{
}
