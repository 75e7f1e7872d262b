import com.company.ticketsystem.Page;
import com.company.ticketsystem.TicketSystemClient;
import com.company.ticketsystem.Upload;
import com.company.ticketsystem.error.AuthenticationRequired;
import com.company.ticketsystem.error.BusinessRuleViolation;
import com.company.ticketsystem.error.NotFound;
import com.company.ticketsystem.error.PermissionDenied;
import com.company.ticketsystem.error.ValidationError;
import com.company.ticketsystem.error.VersionConflict;
import com.company.ticketsystem.json.Json;
import com.company.ticketsystem.json.JsonObject;
import com.company.ticketsystem.model.ApprovalAction;
import com.company.ticketsystem.model.Comment;
import com.company.ticketsystem.model.Delivery;
import com.company.ticketsystem.model.EventName;
import com.company.ticketsystem.model.NewComment;
import com.company.ticketsystem.model.NewTicket;
import com.company.ticketsystem.model.NewWebhook;
import com.company.ticketsystem.model.Order;
import com.company.ticketsystem.model.Priority;
import com.company.ticketsystem.model.SearchFilters;
import com.company.ticketsystem.model.Session;
import com.company.ticketsystem.model.Sort;
import com.company.ticketsystem.model.SortField;
import com.company.ticketsystem.model.Status;
import com.company.ticketsystem.model.Ticket;
import com.company.ticketsystem.model.TicketChanges;
import com.company.ticketsystem.model.TicketDetails;
import com.company.ticketsystem.model.TicketFilters;
import com.company.ticketsystem.model.TicketType;
import com.company.ticketsystem.model.Webhook;
import com.company.ticketsystem.model.WebhookChanges;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Every method of the Java client, tested with the real API. */
public final class Client {
    private static final TicketSystemClient UMA = as("UMA");
    private static final TicketSystemClient SAM = as("SAM");
    private static final TicketSystemClient ADA = as("ADA");
    private static final Path FOLDER = Path.of(System.getenv("FOLDER"));

    private interface Test {
        void run() throws Exception;
    }

    private static TicketSystemClient as(String name) {
        String key = name == null ? null : System.getenv(name);
        return TicketSystemClient.builder(System.getenv("ADDRESS"))
                .apiKey(key)
                .firstWait(Duration.ofMillis(1))
                .build();
    }

    private static void equal(Object expected, Object actual) {
        if (!Objects.equals(expected, actual)) {
            throw new AssertionError(expected + " is not " + actual);
        }
    }

    private static <E extends Exception> E thrown(Class<E> type, Test act) throws Exception {
        try {
            act.run();
        } catch (Exception error) {
            if (error.getClass() == type) {
                return type.cast(error);
            }
            throw error;
        }
        throw new AssertionError("no " + type.getSimpleName());
    }

    private static NewTicket newTicket() {
        return new NewTicket("It does not start", "It shows nothing.");
    }

    private static <T> Stream<T> stream(Iterable<T> items) {
        return StreamSupport.stream(items.spliterator(), false);
    }

    private static List<String> titles(Iterable<Ticket> tickets) {
        return stream(tickets).map(Ticket::title).toList();
    }

    public static void main(String[] arguments) throws Exception {
        Map<String, Test> tests = new LinkedHashMap<>();
        tests.put("sign-in, refresh and sign-out", Client::signIn);
        tests.put("token is stripped and validated", Client::tokens);
        tests.put("ticket is created, read, updated and deleted", Client::ticket);
        tests.put("ticket is merged and separated again", Client::merge);
        tests.put("list is filtered and iterated over all pages", Client::lists);
        tests.put("errors are typed and name the request", Client::errors);
        tests.put("comments", Client::comments);
        tests.put("files", Client::files);
        tests.put("approvals", Client::approvals);
        tests.put("reports", Client::reports);
        tests.put("webhooks", Client::webhooks);
        for (Map.Entry<String, Test> test : tests.entrySet()) {
            test.getValue().run();
            System.out.println("ok " + test.getKey());
        }
    }

    private static void signIn() throws Exception {
        TicketSystemClient ugo = as(null);
        Session session = ugo.auth().login("ugo", "password");
        equal("bearer user", session.tokenType() + " " + session.user().role());
        equal("ugo", ugo.auth().me().username());
        Session renewed = ugo.auth().refresh();
        ugo.auth().logout();
        ugo.setToken(renewed.accessToken());
        thrown(AuthenticationRequired.class, () -> ugo.auth().me());
        thrown(AuthenticationRequired.class, () -> ugo.auth().login("ugo", "wrong"));
        equal(false, (ugo + " " + session).contains(session.accessToken()));
    }

    private static void tokens() throws Exception {
        String key = " " + System.getenv("UMA") + "\n";
        equal("uma", new TicketSystemClient(System.getenv("ADDRESS"), key).auth().me().username());
        for (String odd : List.of("two\nlines", "two words", "\u00e9")) {
            thrown(IllegalArgumentException.class, () -> as(null).setToken(odd));
        }
        thrown(AuthenticationRequired.class, () -> as(null).auth().refresh());
    }

    private static void ticket() throws Exception {
        Instant due = Instant.parse("2026-12-05T18:00:00Z");
        Ticket created = UMA.tickets().create(newTicket()
                .priority(Priority.HIGH)
                .ticketType(TicketType.INCIDENT)
                .departmentId(1)
                .tags(List.of("java"))
                .dueDate(due));
        equal("open high incident", created.status() + " " + created.priority() + " " + created.ticketType());
        equal(due, created.dueDate());
        equal("IT", created.department().name());
        equal("uma", created.createdBy().username());
        TicketDetails read = SAM.tickets().get(created.ticketNumber());
        equal(created.id(), read.id());
        TicketChanges changes = new TicketChanges().status(Status.IN_PROGRESS).dueDate(null);
        Ticket changed = SAM.tickets().update(created.id(), changes, read.etag());
        equal("in_progress", changed.status());
        equal(null, changed.dueDate());
        TicketChanges late = new TicketChanges().title("Late");
        thrown(VersionConflict.class, () -> SAM.tickets().update(created.id(), late, read.etag()));
        thrown(PermissionDenied.class, () -> UMA.tickets().delete(created.id()));
        SAM.tickets().delete(created.id());
        thrown(NotFound.class, () -> UMA.tickets().get(created.id()));
    }

    private static void merge() throws Exception {
        Ticket first = UMA.tickets().create(newTicket());
        Ticket second = UMA.tickets().create(newTicket());
        equal(first.id(), SAM.tickets().merge(second.ticketNumber(), first.ticketNumber()).id());
        equal("merged_into", SAM.tickets().get(second.id()).relatedTickets().get(0).relation());
        equal("open", SAM.tickets().unmerge(second.id()).status());
    }

    private static void lists() throws Exception {
        for (String title : List.of("Lamp", "Chair", "Desk")) {
            UMA.tickets().create(new NewTicket(title, "-").tags(List.of("paged", "java")));
        }
        TicketFilters filters = new TicketFilters()
                .status(Status.OPEN)
                .tags("paged,java")
                .createdAfter(Instant.EPOCH)
                .sort(SortField.TICKET_NUMBER)
                .order(Order.DESC)
                .size(2);
        Page<Ticket> page = UMA.tickets().list(filters);
        equal(List.of(3L, 2L, 2L), List.of(page.total(), page.pages(), page.size()));
        equal(true, page.hasNext() && !page.hasPrevious());
        equal(List.of("Desk", "Chair"), titles(page));
        equal(List.of("Desk", "Chair", "Lamp"), titles(page.all()));
        equal(3L, page.stream().count());
        equal(true, page.next().orElseThrow().next().isEmpty());
        SearchFilters tagged = new SearchFilters().tags(List.of("java")).status(List.of(Status.OPEN));
        List<Sort> byTime = List.of(new Sort(SortField.CREATED_AT).order(Order.ASC));
        equal(List.of("Chair"), titles(UMA.tickets().search("chair", tagged, byTime, 1, 1).all()));
        equal(true, UMA.tickets().search("").total() > 2);
    }

    private static void errors() throws Exception {
        ValidationError error = thrown(
                ValidationError.class, () -> UMA.tickets().create(new NewTicket("", "A title is needed")));
        equal("title 400 VALIDATION_ERROR", error.field() + " " + error.status() + " " + error.code());
        equal(false, error.reason().isEmpty() || error.requestId().isEmpty());
        thrown(NotFound.class, () -> SAM.tickets().get("no/such ticket"));
    }

    private static void comments() throws Exception {
        long ticket = UMA.tickets().create(newTicket()).id();
        Comment comment = UMA.comments().create(ticket, new NewComment("And this").mentions(List.of("@sam")));
        Comment note = SAM.comments().create(ticket, new NewComment("Known \u2713 \ud83d\ude00").isInternal(true));
        equal("Known \u2713 \ud83d\ude00", note.content());
        equal(List.of(comment.id()), stream(UMA.comments().list(ticket)).map(Comment::id).toList());
        Page<Comment> all = SAM.comments().list(ticket, 1, 1, true);
        equal(List.of(comment.id(), note.id()), all.stream().map(Comment::id).toList());
        Comment again = UMA.comments().update(comment.id(), "And that");
        equal("And that true", again.content() + " " + again.edited());
        UMA.comments().delete(comment.id());
        equal(0L, UMA.comments().list(ticket).total());
    }

    private static void files() throws Exception {
        long ticket = UMA.tickets().create(newTicket()).id();
        Path log = Files.writeString(FOLDER.resolve("error.log"), "10:00 it broke");
        var named = UMA.attachments().upload(ticket, Upload.of(log).description("What it said \u2713"));
        equal("error.log 14 What it said \u2713", named.filename() + " " + named.size() + " " + named.description());
        byte[] table = "a,b\n1,2\n".getBytes(StandardCharsets.UTF_8);
        equal("table.csv", UMA.attachments().upload(ticket, Upload.of(table, "table.csv")).filename());
        equal(2L, UMA.attachments().list(ticket).total());
        equal("error.log", UMA.attachments().get(named.id()).filename());
        Path copy = UMA.attachments().download(named.id(), FOLDER.resolve("copy.log"));
        equal("10:00 it broke", Files.readString(copy));
        SAM.attachments().delete(named.id());
        Path gone = FOLDER.resolve("gone.log");
        thrown(NotFound.class, () -> UMA.attachments().download(named.id(), gone));
        try (Stream<Path> left = Files.list(FOLDER)) {
            equal(2L, left.count());
        }
        Upload program = Upload.of(new byte[] {'M', 'Z', (byte) 0x90, 0}, "setup.exe");
        thrown(ValidationError.class, () -> UMA.attachments().upload(ticket, program));
    }

    private static long ask() {
        long ticket = UMA.tickets().create(newTicket().priority(Priority.HIGH)).id();
        long approver = ADA.auth().me().id();
        return SAM.approvals().request(ticket, "It costs a lot", null, List.of(approver)).id();
    }

    private static void approvals() throws Exception {
        long asked = ask();
        var waiting = ADA.approvals().pending(null, Priority.HIGH, 1, 1, true);
        equal(true, waiting.stream().anyMatch(one -> one.id() == asked));
        thrown(PermissionDenied.class, () -> UMA.approvals().act(asked, ApprovalAction.APPROVE, null));
        var given = ADA.approvals().act(asked, ApprovalAction.APPROVE, "Fine", List.of("At most 2000"), null);
        equal("approved [At most 2000]", given.state() + " " + given.conditions());
        equal("ada", ADA.approvals().get(asked).decidedBy().username());
        equal(asked, SAM.approvals().ofTicket(given.ticketId()).get(0).id());
        thrown(BusinessRuleViolation.class, () -> ADA.approvals().act(asked, ApprovalAction.REJECT, "No"));
        var done = ADA.approvals().bulk(List.of(ask(), 1_000_000L), ApprovalAction.REJECT, "Not this year");
        equal("1 1 RESOURCE_NOT_FOUND", done.succeeded() + " " + done.failed() + " " + done.results().get(1).error().code());
        equal("cancelled", SAM.approvals().cancel(ask()).state());
    }

    private static void reports() throws Exception {
        long ticket = UMA.tickets().create(newTicket().tags(List.of("reported-java"))).id();
        var board = ADA.reports().dashboard("7d", null);
        equal(true, board.metrics().totalTickets() >= 1 && !board.daily().isEmpty());
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        var figures = ADA.reports().performance(today, today);
        equal(today, figures.period().startDate());
        equal(true, figures.agents().stream().anyMatch(one -> one.username().equals("sam")));
        Path table = ADA.reports().performanceFile(FOLDER.resolve("p.csv"), today, today, "csv");
        equal(true, Files.readString(table).contains("sam"));
        Map<String, Object> filters = Map.of("tags", List.of("reported-java"));
        Path file = ADA.reports().export(FOLDER.resolve("t.json"), "json", filters);
        JsonObject data = JsonObject.of(Json.parse(Files.readString(file))).model("data", fields -> fields);
        equal(List.of(ticket), data.models("items", fields -> fields.integer("id")));
        Path none = FOLDER.resolve("none.csv");
        thrown(PermissionDenied.class, () -> UMA.reports().export(none, "csv", Map.of()));
    }

    private static void webhooks() throws Exception {
        List<EventName> events = List.of(EventName.TICKET_CREATED, EventName.COMMENT_ADDED);
        Webhook webhook = ADA.webhooks().create(new NewWebhook(System.getenv("RECEIVER"), events));
        String id = webhook.webhookId();
        equal(false, webhook.toString().contains(webhook.secret()));
        equal(true, ADA.webhooks().list(1, 1).stream().anyMatch(one -> one.id() == webhook.id()));
        equal("ping", ADA.webhooks().test(id).event());
        Delivery delivery = ADA.webhooks().deliveries(id).items().get(0);
        for (int tries = 0; ADA.webhooks().delivery(id, delivery.id()).state().equals("pending"); tries++) {
            equal(true, tries < 300);
            Thread.sleep(100);
        }
        equal("delivered", ADA.webhooks().delivery(id, delivery.id()).state());
        equal(delivery.messageId(), ADA.webhooks().replay(id, delivery.id()).messageId());
        Instant hourAgo = Instant.now().minus(Duration.ofHours(1));
        equal(0L, ADA.webhooks().replaySince(id, hourAgo, null, "failed").replayed());
        equal(false, webhook.secret().equals(ADA.webhooks().rotateSecret(id).secret()));
        equal(false, ADA.webhooks().update(id, new WebhookChanges().active(false)).active());
        equal(webhook.url(), ADA.webhooks().get(id).url());
        ADA.webhooks().delete(id);
        thrown(NotFound.class, () -> ADA.webhooks().get(id));
    }
}
