<?php

declare(strict_types=1);

namespace Company\TicketSystem\Error;

/** A webhook was not sent by the ticket system, was altered, or is too old. */
class InvalidSignature extends TicketSystemError
{
}
