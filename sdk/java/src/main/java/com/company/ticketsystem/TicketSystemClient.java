package com.company.ticketsystem;

import java.net.http.HttpClient;
import java.time.Duration;

/**
 * A client for the Enterprise Ticket Management System's API. Safe to share between threads.
 *
 * <p>A request without a response, or with a temporary error, is sent again after growing pauses; a
 * POST carries an {@code Idempotency-Key}, so that it takes effect once. If the server asks for a pause
 * longer than {@code maxWait}, its error is thrown.
 */
public final class TicketSystemClient {
    private final String baseUrl;
    private final Credentials credentials;
    private final Auth auth;
    private final Tickets tickets;
    private final Comments comments;
    private final Attachments attachments;
    private final Approvals approvals;
    private final Reports reports;
    private final Webhooks webhooks;

    /** A client without credentials, for {@code auth().login(...)} or {@code setToken(...)}. */
    public TicketSystemClient(String baseUrl) {
        this(builder(baseUrl));
    }

    /** A client with a personal API token; an access token takes precedence. */
    public TicketSystemClient(String baseUrl, String apiKey) {
        this(builder(baseUrl).apiKey(apiKey));
    }

    private TicketSystemClient(Builder options) {
        baseUrl = options.baseUrl;
        credentials = new Credentials(options.apiKey);
        Retries retries = new Retries(options.retries, options.firstWait, options.maxWait);
        Transport transport = new Transport(baseUrl, credentials, retries, options.timeout, options.http);
        auth = new Auth(transport);
        tickets = new Tickets(transport);
        comments = new Comments(transport);
        attachments = new Attachments(transport);
        approvals = new Approvals(transport);
        reports = new Reports(transport);
        webhooks = new Webhooks(transport);
    }

    /** Return a builder for a client with other options. */
    public static Builder builder(String baseUrl) {
        return new Builder(baseUrl);
    }

    /** Use this access token. That of the last login keeps the refresh token that came with it. */
    public void setToken(String accessToken) {
        credentials.use(accessToken, null);
    }

    /** Use this access token, and renew it with its refresh token. */
    public void setToken(String accessToken, String refreshToken) {
        credentials.use(accessToken, refreshToken);
    }

    /** Sign-in and sign-out. */
    public Auth auth() {
        return auth;
    }

    /** Tickets and ticket search. */
    public Tickets tickets() {
        return tickets;
    }

    /** The comments of tickets. */
    public Comments comments() {
        return comments;
    }

    /** The files of tickets. */
    public Attachments attachments() {
        return attachments;
    }

    /** Approval requests and decisions. */
    public Approvals approvals() {
        return approvals;
    }

    /** Dashboards, performance reports and exports. */
    public Reports reports() {
        return reports;
    }

    /** Webhook subscriptions and deliveries. */
    public Webhooks webhooks() {
        return webhooks;
    }

    @Override
    public String toString() {
        return "TicketSystemClient[" + baseUrl + "]";
    }

    /** The options of a client. */
    public static final class Builder {
        private final String baseUrl;
        private String apiKey;
        private Duration timeout = Duration.ofSeconds(30);
        private int retries = 3;
        private Duration firstWait = Duration.ofMillis(500);
        private Duration maxWait = Duration.ofSeconds(60);
        private HttpClient http;

        private Builder(String baseUrl) {
            this.baseUrl = baseUrl;
        }

        /** A personal API token. */
        public Builder apiKey(String key) {
            apiKey = key;
            return this;
        }

        /** How long to wait for a response; for a download, until it begins. The default is 30 s. */
        public Builder timeout(Duration limit) {
            timeout = limit;
            return this;
        }

        /** How often a request is sent again. The default is 3. */
        public Builder retries(int count) {
            retries = count;
            return this;
        }

        /** The pause before the first retry; each is twice the one before. The default is 0.5 s. */
        public Builder firstWait(Duration pause) {
            firstWait = pause;
            return this;
        }

        /** The longest pause; if the server asks for more, its error is thrown. The default is 60 s. */
        public Builder maxWait(Duration pause) {
            maxWait = pause;
            return this;
        }

        /** An HTTP client of your own, for proxies and certificates. */
        public Builder http(HttpClient client) {
            http = client;
            return this;
        }

        /** Return the client. */
        public TicketSystemClient build() {
            return new TicketSystemClient(this);
        }
    }
}
