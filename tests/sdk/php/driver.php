<?php

// Does what its first argument says and prints the result, or the error: the tests look at both.

declare(strict_types=1);

use Company\TicketSystem\Error\ConnectionFailed;
use Company\TicketSystem\Error\TicketSystemError;
use Company\TicketSystem\TicketSystemClient;
use Company\TicketSystem\WebhookSignature;

require __DIR__ . '/autoload.php';

$env = static fn (string $name): ?string => getenv($name) === false ? null : getenv($name);
$client = new TicketSystemClient(
    $env('ADDRESS') ?? 'http://127.0.0.1:1',
    $env('KEY'),
    retries: (int) ($env('RETRIES') ?? 3),
    firstWait: 0.001,
);
$me = static fn (): string => $client->auth->me()->username;
$commands = [
    'me' => $me,
    'create' => static fn (string $title): int => $client->tickets->create(['title' => $title, 'description' => '-'])->id,
    'upload' => static fn (string $ticket, string $path): int => $client->attachments->upload((int) $ticket, $path)->id,
    'delete' => static fn (string $ticket): string => $client->tickets->delete((int) $ticket) ?? 'deleted',
    'download' => static fn (string $id, string $to): string => $client->attachments->download((int) $id, $to),
    'renew' => static function (string $name, string $password) use ($client, $me): string {
        $client->auth->login($name, $password);
        return "{$me()} {$me()}";
    },
    'renew twice' => static function (string $name, string $password) use ($client, $me): string {
        $client->auth->login($name, $password);
        try {
            $me();
        } catch (ConnectionFailed) {
        }
        return $me();
    },
    'verify' => static fn (): string => WebhookSignature::verify(
        base64_decode((string) $env('BODY')),
        json_decode((string) $env('HEADERS'), true),
        (string) $env('SECRET'),
    )->event,
];

try {
    echo $commands[$argv[1]](...array_slice($argv, 2)), "\n";
} catch (TicketSystemError $error) {
    $name = (new ReflectionClass($error))->getShortName();
    $sent = $error instanceof ConnectionFailed ? ($error->wasSent ? ' sent' : ' not sent') : '';
    echo "$name$sent|{$error->status}|{$error->requestId}|{$error->retryAfter}\n";
}
