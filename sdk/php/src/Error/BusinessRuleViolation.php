<?php

declare(strict_types=1);

namespace Company\TicketSystem\Error;

/** A business rule does not allow the action. */
class BusinessRuleViolation extends TicketSystemError
{
}
