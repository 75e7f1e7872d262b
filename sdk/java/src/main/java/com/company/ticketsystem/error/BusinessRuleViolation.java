package com.company.ticketsystem.error;

/** A business rule does not allow the action. */
public class BusinessRuleViolation extends TicketSystemError {
    /** An error of a response. */
    public BusinessRuleViolation(String message, ErrorInfo info) {
        super(message, info);
    }
}
