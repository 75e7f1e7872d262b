// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

/** Values that requests may have. */
public enum ApprovalAction {
    APPROVE("approve"),
    REJECT("reject"),
    DELEGATE("delegate"),
    REQUEST_INFO("request_info");

    private final String value;

    ApprovalAction(String value) {
        this.value = value;
    }

    /** The value as the API has it. */
    @Override
    public String toString() {
        return value;
    }
}
