<?php

// Every method of the PHP client, tested with the real API.

declare(strict_types=1);

use Company\TicketSystem\Error\AuthenticationRequired;
use Company\TicketSystem\Error\BusinessRuleViolation;
use Company\TicketSystem\Error\NotFound;
use Company\TicketSystem\Error\PermissionDenied;
use Company\TicketSystem\Error\ValidationError;
use Company\TicketSystem\Error\VersionConflict;
use Company\TicketSystem\Model\Priority;
use Company\TicketSystem\TicketSystemClient;
use Company\TicketSystem\WebhookSignature;

require __DIR__ . '/autoload.php';

const NEW_TICKET = ['title' => 'It does not start', 'description' => 'It shows nothing.'];

function connect(?string $name): TicketSystemClient
{
    $key = $name === null ? null : (string) getenv(strtoupper($name));
    return new TicketSystemClient((string) getenv('ADDRESS'), $key, firstWait: 0.001);
}

function equal(mixed $expected, mixed $actual): void
{
    if ($expected !== $actual) {
        $line = debug_backtrace()[0]['line'] ?? 0;
        throw new LogicException("line $line: " . json_encode($expected) . ' is not ' . json_encode($actual));
    }
}

/** @template T of Throwable @param class-string<T> $class @return T */
function thrown(string $class, callable $act): Throwable
{
    try {
        $act();
    } catch (Throwable $error) {
        if ($error::class === $class) {
            return $error;
        }
        throw $error;
    }
    throw new LogicException("no $class");
}

function ids(iterable $items): array
{
    return array_map(static fn (object $one): int => $one->id, [...$items]);
}

[$uma, $sam, $ada] = array_map(connect(...), ['uma', 'sam', 'ada']);
$folder = (string) getenv('FOLDER');
$today = new DateTimeImmutable('today', new DateTimeZone('UTC'));

$tests = [
    'sign-in, refresh and sign-out' => static function (): void {
        $ugo = connect(null);
        $session = $ugo->auth->login('ugo', 'password');
        equal(['bearer', 3600, 'user'], [$session->tokenType, $session->expiresIn, $session->user->role]);
        equal('ugo', $ugo->auth->me()->username);
        $renewed = $ugo->auth->refresh();
        $ugo->auth->logout();
        $ugo->setToken($renewed->accessToken);
        thrown(AuthenticationRequired::class, static fn () => $ugo->auth->me());
        thrown(AuthenticationRequired::class, static fn () => $ugo->auth->login('ugo', 'wrong'));
        $printed = print_r([$ugo, $session, $ugo->auth], true) . var_export(connect('ada')->baseUrl, true);
        equal(false, str_contains($printed, $session->accessToken) || str_contains($printed, $renewed->accessToken));
    },
    'token is stripped and validated' => static function (): void {
        $key = (string) getenv('UMA');
        equal('uma', (new TicketSystemClient((string) getenv('ADDRESS'), " $key\n"))->auth->me()->username);
        foreach (["two\nlines", 'two words', "\u{e9}"] as $odd) {
            thrown(InvalidArgumentException::class, static fn () => connect(null)->setToken($odd));
        }
        thrown(AuthenticationRequired::class, static fn () => connect(null)->auth->refresh());
    },
    'ticket is created, read, updated and deleted' => static function () use ($uma, $sam): void {
        $due = new DateTimeImmutable('2026-12-05T18:00:00Z');
        $created = $uma->tickets->create(NEW_TICKET + [
            'priority' => Priority::High,
            'ticket_type' => 'incident',
            'department_id' => 1,
            'tags' => ['php'],
            'due_date' => $due,
        ]);
        equal(['open', 'high', 'incident'], [$created->status, $created->priority, $created->ticketType]);
        equal($due->getTimestamp(), $created->dueDate?->getTimestamp());
        equal(['IT', 'uma', ['php']], [$created->department?->name, $created->createdBy->username, $created->tags]);
        $read = $sam->tickets->get($created->ticketNumber);
        equal($created->id, $read->id);
        $changes = ['status' => 'in_progress', 'due_date' => null];
        $changed = $sam->tickets->update($created->id, $changes, ifMatch: $read->etag);
        equal(['in_progress', null], [$changed->status, $changed->dueDate]);
        $late = static fn () => $sam->tickets->update($created->id, ['title' => 'Late'], ifMatch: $read->etag);
        thrown(VersionConflict::class, $late);
        thrown(PermissionDenied::class, static fn () => $uma->tickets->delete($created->id));
        $sam->tickets->delete($created->id);
        thrown(NotFound::class, static fn () => $uma->tickets->get($created->id));
    },
    'ticket is merged and separated again' => static function () use ($uma, $sam): void {
        [$first, $second] = [$uma->tickets->create(NEW_TICKET), $uma->tickets->create(NEW_TICKET)];
        equal($first->id, $sam->tickets->merge($second->id, into: $first->ticketNumber)->id);
        $merged = $sam->tickets->get($second->id);
        equal(['closed', 'merged_into'], [$merged->status, $merged->relatedTickets[0]->relation]);
        equal('open', $sam->tickets->unmerge($second->id)->status);
    },
    'list is filtered and iterated over all pages' => static function () use ($uma): void {
        foreach (['Lamp', 'Chair', 'Desk'] as $title) {
            $uma->tickets->create(['title' => $title, 'tags' => ['paged', 'php']] + NEW_TICKET);
        }
        $page = $uma->tickets->list(
            status: 'open',
            tags: ['paged', 'php'],
            createdAfter: new DateTimeImmutable('2020-01-01'),
            sort: 'ticket_number',
            order: 'desc',
            size: 2,
        );
        equal([3, 2, 2, true, false], [$page->total, $page->pages, count($page), $page->hasNext(), $page->hasPrevious()]);
        $titles = static fn (iterable $items): array => array_map(static fn (object $one): string => $one->title, [...$items]);
        equal(['Desk', 'Chair', 'Lamp'], $titles($page->all()));
        equal(['Desk', 'Chair'], $titles($page));
        equal(null, $page->next()?->next());
        $found = $uma->tickets->search('chair', filters: ['tags' => ['php']], sort: [['field' => 'created_at', 'order' => 'asc']], size: 1);
        equal(['Chair'], $titles($found->all()));
        equal(3, count(ids($uma->tickets->search(filters: ['tags' => ['php', 'paged']], size: 1)->all())));
        equal(true, $uma->tickets->search()->total > 2);
    },
    'errors are typed and name the request' => static function () use ($uma, $sam): void {
        $error = thrown(ValidationError::class, static fn () => $uma->tickets->create(['title' => 'Only a title']));
        equal(['description', 400, 'VALIDATION_ERROR'], [$error->field(), $error->status, $error->errorCode]);
        equal(true, $error->reason() !== '' && $error->requestId !== '');
        thrown(NotFound::class, static fn () => $sam->tickets->get('no/such ticket'));
    },
    'comments' => static function () use ($uma, $sam): void {
        $ticket = $uma->tickets->create(NEW_TICKET);
        $comment = $uma->comments->create(ticketId: $ticket->id, content: 'And this', mentions: ['@sam']);
        $note = $sam->comments->create($ticket->id, 'Known', isInternal: true, format: 'markdown');
        equal([$comment->id], ids($uma->comments->list($ticket->id)));
        equal([$comment->id, $note->id], ids($sam->comments->list($ticket->id, size: 1, includeInternal: true)->all()));
        $again = $uma->comments->update($comment->id, 'And that');
        equal(['And that', true], [$again->content, $again->edited]);
        $uma->comments->delete($comment->id);
        equal(0, $uma->comments->list($ticket->id)->total);
    },
    'files' => static function () use ($uma, $sam, $folder): void {
        $ticket = $uma->tickets->create(NEW_TICKET);
        file_put_contents("$folder/error.log", '10:00 it broke');
        $named = $uma->attachments->upload($ticket->id, "$folder/error.log", description: 'What it said');
        equal(['error.log', 14, 'What it said'], [$named->filename, $named->size, $named->description]);
        $given = new CURLStringFile("a,b\n1,2\n", 'table.csv', 'text/csv');
        equal('text/csv', $uma->attachments->upload($ticket->id, $given)->contentType);
        equal(2, $uma->attachments->list($ticket->id)->total);
        equal('error.log', $uma->attachments->get($named->id)->filename);
        equal('10:00 it broke', $uma->attachments->content($named->id));
        equal('10:00 it broke', (string) file_get_contents($uma->attachments->download($named->id, "$folder/copy.log")));
        $sam->attachments->delete($named->id);
        thrown(NotFound::class, static fn () => $uma->attachments->download($named->id, "$folder/gone.log"));
        equal(['copy.log', 'error.log'], array_values(array_diff(scandir($folder) ?: [], ['.', '..'])));
        $program = new CURLStringFile("MZ\x90\x00", 'setup.exe', 'application/octet-stream');
        thrown(ValidationError::class, static fn () => $uma->attachments->upload($ticket->id, $program));
    },
    'approvals' => static function () use ($uma, $sam, $ada): void {
        $ask = static function () use ($uma, $sam, $ada): int {
            $ticket = $uma->tickets->create(NEW_TICKET + ['priority' => 'high']);
            $approver = $ada->auth->me()->id;
            return $sam->approvals->request($ticket->id, reason: 'It costs a lot', approverIds: [$approver])->id;
        };
        $asked = $ask();
        $waiting = [...$ada->approvals->pending(priority: 'high', size: 1, allApprovers: true)->all()];
        equal(true, in_array($asked, ids($waiting), true));
        thrown(PermissionDenied::class, static fn () => $uma->approvals->act($asked, 'approve'));
        $given = $ada->approvals->act($asked, 'approve', comments: 'Fine', conditions: ['At most 2000']);
        equal(['approved', ['At most 2000']], [$given->state, $given->conditions]);
        equal('ada', $ada->approvals->get($asked)->decidedBy?->username);
        equal([$asked], ids($sam->approvals->ofTicket($given->ticketId)));
        thrown(BusinessRuleViolation::class, static fn () => $ada->approvals->act($asked, 'reject', comments: 'No'));
        $done = $ada->approvals->bulk([$ask(), 1_000_000], 'reject', comments: 'Not this year');
        equal([1, 1, 'RESOURCE_NOT_FOUND'], [$done->succeeded, $done->failed, $done->results[1]->error?->code]);
        equal('cancelled', $sam->approvals->cancel($ask())->state);
    },
    'reports' => static function () use ($uma, $ada, $folder, $today): void {
        $ticket = $uma->tickets->create(NEW_TICKET + ['tags' => ['reported-php']]);
        $board = $ada->reports->dashboard(period: '7d');
        equal(true, $board->metrics->totalTickets >= 1 && $board->daily !== []);
        $figures = $ada->reports->performance($today, $today);
        equal($today->format('Y-m-d'), $figures->period->startDate->format('Y-m-d'));
        equal(true, in_array('sam', array_map(static fn (object $one): string => $one->username, $figures->agents), true));
        $table = $ada->reports->performanceFile("$folder/p.csv", $today, $today);
        equal(true, str_contains((string) file_get_contents($table), 'sam'));
        $file = $ada->reports->export("$folder/t.json", format: 'json', filters: ['tags' => ['reported-php']]);
        equal($ticket->id, json_decode((string) file_get_contents($file), true)['data']['items'][0]['id']);
        thrown(PermissionDenied::class, static fn () => $uma->reports->export("$folder/none.csv"));
    },
    'webhooks' => static function () use ($ada): void {
        $url = (string) getenv('RECEIVER');
        $webhook = $ada->webhooks->create(url: $url, events: ['ticket.created', 'comment.added']);
        equal(false, str_contains(print_r($webhook, true), (string) $webhook->secret));
        equal(true, in_array($webhook->id, ids($ada->webhooks->list(size: 1)->all()), true));
        equal('ping', $ada->webhooks->test($webhook->webhookId)->event);
        $delivery = $ada->webhooks->deliveries($webhook->id, event: null)->items[0];
        for ($tries = 0; $ada->webhooks->delivery($webhook->id, $delivery->id)->state === 'pending'; $tries++) {
            equal(true, $tries < 300);
            usleep(100_000);
        }
        equal('delivered', $ada->webhooks->delivery($webhook->id, $delivery->id)->state);
        equal($delivery->messageId, $ada->webhooks->replay($webhook->id, $delivery->id)->messageId);
        $since = new DateTimeImmutable('-1 hour');
        equal(0, $ada->webhooks->replaySince($webhook->id, $since, state: 'failed')->replayed);
        equal(true, $ada->webhooks->rotateSecret($webhook->id)->secret !== $webhook->secret);
        equal(false, $ada->webhooks->update($webhook->id, ['active' => false])->active);
        equal($webhook->url, $ada->webhooks->get($webhook->id)->url);
        $ada->webhooks->delete($webhook->id);
        thrown(NotFound::class, static fn () => $ada->webhooks->get($webhook->id));
    },
];

foreach ($tests as $name => $test) {
    $test();
    echo "ok $name\n";
}
