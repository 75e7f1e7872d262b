<?php

declare(strict_types=1);

namespace Company\TicketSystem\Error;

/** The service, or one that it depends on, failed. */
class ExternalServiceError extends TicketSystemError
{
}
