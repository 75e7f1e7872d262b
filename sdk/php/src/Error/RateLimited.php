<?php

declare(strict_types=1);

namespace Company\TicketSystem\Error;

/** There were too many requests; wait for `retryAfter` seconds. */
class RateLimited extends TicketSystemError
{
}
