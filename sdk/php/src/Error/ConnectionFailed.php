<?php

declare(strict_types=1);

namespace Company\TicketSystem\Error;

/** No complete response; `wasSent` is true if the request may have taken effect. */
class ConnectionFailed extends TicketSystemError
{
    public function __construct(string $message, public readonly bool $wasSent)
    {
        parent::__construct($message);
    }
}
