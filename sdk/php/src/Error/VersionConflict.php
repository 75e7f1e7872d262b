<?php

declare(strict_types=1);

namespace Company\TicketSystem\Error;

/** The ticket has changed since it was read (`ifMatch`). */
class VersionConflict extends BusinessRuleViolation
{
}
