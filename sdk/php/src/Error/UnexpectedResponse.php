<?php

declare(strict_types=1);

namespace Company\TicketSystem\Error;

/** The response is not one of the API (but of a proxy or another service). */
class UnexpectedResponse extends TicketSystemError
{
}
