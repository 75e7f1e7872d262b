package com.company.ticketsystem;

import com.company.ticketsystem.error.AuthenticationRequired;
import com.company.ticketsystem.model.Session;
import com.company.ticketsystem.model.User;
import java.util.Map;

/** Sign-in and sign-out. */
public final class Auth extends Resource {
    Auth(Transport transport) {
        super(transport);
        transport.fetchTokens = refreshToken -> {
            Session session = renew(refreshToken);
            return new Credentials.Tokens(session.accessToken(), session.refreshToken());
        };
    }

    /** Sign in. The client then uses and renews this session's tokens. */
    public Session login(String username, String password) {
        Map<String, Object> body = Values.given("username", username, "password", password);
        return use(one(Session::read, Call.post("/auth/login", body).unauthorized()));
    }

    /** Exchange the client's refresh token for new tokens. */
    public Session refresh() {
        String token = transport.credentials.refreshToken();
        if (token == null) {
            throw new AuthenticationRequired("there is no refresh token: sign in first");
        }
        return refresh(token);
    }

    /** Exchange a refresh token for new tokens; it works once. */
    public Session refresh(String refreshToken) {
        return use(renew(refreshToken));
    }

    /** Return the user that the token belongs to. */
    public User me() {
        return one(User::read, Call.get("/auth/me"));
    }

    /** Sign out; the session's tokens become invalid. */
    public void logout() {
        transport.send(Call.post("/auth/logout", null));
        transport.credentials.use(null, null);
    }

    private Session use(Session session) {
        transport.credentials.use(session.accessToken(), session.refreshToken());
        return session;
    }

    private Session renew(String refreshToken) {
        // Not retried once it may have arrived: using a refresh token twice ends the session.
        return one(
                Session::read,
                Call.post("/auth/refresh", null)
                        .withHeader("Authorization", "Bearer " + refreshToken)
                        .unauthorized()
                        .once());
    }
}
