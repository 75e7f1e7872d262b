import com.company.ticketsystem.TicketSystemClient;
import com.company.ticketsystem.WebhookSignature;
import com.company.ticketsystem.error.ConnectionFailed;
import com.company.ticketsystem.error.TicketSystemError;
import com.company.ticketsystem.json.Json;
import com.company.ticketsystem.json.JsonObject;
import com.company.ticketsystem.model.NewTicket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/** Does what its first argument says and prints the result, or the error: the tests look at both. */
public final class Driver {
    private static String env(String name, String otherwise) {
        return System.getenv().getOrDefault(name, otherwise);
    }

    public static void main(String[] arguments) {
        TicketSystemClient client = TicketSystemClient.builder(env("ADDRESS", "http://127.0.0.1:1"))
                .apiKey(System.getenv("KEY"))
                .retries(Integer.parseInt(env("RETRIES", "3")))
                .firstWait(Duration.ofMillis(1))
                .build();
        try {
            System.out.println(run(client, arguments));
        } catch (TicketSystemError error) {
            String sent = error instanceof ConnectionFailed lost ? (lost.wasSent() ? " sent" : " not sent") : "";
            Duration wait = error.retryAfter();
            System.out.println(error.getClass().getSimpleName() + sent + "|" + error.status() + "|"
                    + error.requestId() + "|" + (wait == null ? "" : wait.toSeconds()));
        }
    }

    private static Object run(TicketSystemClient client, String[] arguments) {
        return switch (arguments[0]) {
            case "me" -> client.auth().me().username();
            case "create" -> client.tickets().create(new NewTicket(arguments[1], "-")).id();
            case "upload" -> client.attachments().upload(Long.parseLong(arguments[1]), Path.of(arguments[2])).id();
            case "delete" -> {
                client.tickets().delete(Long.parseLong(arguments[1]));
                yield "deleted";
            }
            case "download" -> client.attachments().download(Long.parseLong(arguments[1]), Path.of(arguments[2]));
            case "renew" -> {
                client.auth().login(arguments[1], arguments[2]);
                yield client.auth().me().username() + " " + client.auth().me().username();
            }
            case "renew twice" -> {
                client.auth().login(arguments[1], arguments[2]);
                try {
                    client.auth().me();
                } catch (ConnectionFailed lost) {
                    // The second call shows what the client does after that.
                }
                yield client.auth().me().username();
            }
            case "verify" -> {
                Map<String, String> headers = new HashMap<>();
                JsonObject.of(Json.parse(env("HEADERS", "{}"))).toMap()
                        .forEach((name, value) -> headers.put(name, String.valueOf(value)));
                byte[] body = Base64.getDecoder().decode(env("BODY", ""));
                yield WebhookSignature.verify(body, headers, env("SECRET", "")).event();
            }
            case "json" -> Json.write(Json.parse(arguments[1]));
            default -> throw new IllegalArgumentException(arguments[0]);
        };
    }
}
