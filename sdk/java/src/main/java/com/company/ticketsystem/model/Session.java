// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

import com.company.ticketsystem.json.JsonObject;

/** The response to a login. Missing values are null. */
public record Session(
        String accessToken,
        String refreshToken,
        String tokenType,
        long expiresIn,
        LoginUser user) {

    /** Read it from a response. */
    public static Session read(JsonObject fields) {
        return new Session(
                fields.string("access_token"),
                fields.string("refresh_token"),
                fields.string("token_type"),
                fields.integer("expires_in"),
                fields.model("user", LoginUser::read));
    }

    /** Everything but the secrets. */
    @Override
    public String toString() {
        return "Session[tokenType=" + tokenType + ", expiresIn=" + expiresIn + ", user=" + user + "]";
    }
}
