<?php

declare(strict_types=1);

namespace Company\TicketSystem\Error;

/** The token, API key or password is missing or wrong. */
class AuthenticationRequired extends TicketSystemError
{
}
