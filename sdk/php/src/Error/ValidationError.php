<?php

declare(strict_types=1);

namespace Company\TicketSystem\Error;

/** The input is invalid; `details` has the field and the reason. */
class ValidationError extends TicketSystemError
{
    public function field(): string
    {
        return is_string($this->details['field'] ?? null) ? $this->details['field'] : '';
    }

    public function reason(): string
    {
        return is_string($this->details['reason'] ?? null) ? $this->details['reason'] : '';
    }
}
