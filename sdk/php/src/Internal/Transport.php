<?php

declare(strict_types=1);

namespace Company\TicketSystem\Internal;

use Company\TicketSystem\Error\AuthenticationRequired;
use Company\TicketSystem\Error\ConnectionFailed;
use Company\TicketSystem\Error\TicketSystemError;

/**
 * Sends each call until it succeeds, fails for good or has no retries left.
 *
 * @internal
 */
final class Transport
{
    private const USER_AGENT = 'ticket-system-sdk-php/0.2.0';
    /** Errors of requests that were never sent: no such host, no connection, no TLS. */
    private const NOT_SENT = [\CURLE_COULDNT_RESOLVE_PROXY, \CURLE_COULDNT_RESOLVE_HOST, \CURLE_COULDNT_CONNECT, \CURLE_SSL_CONNECT_ERROR];
    private const INVALID = [\CURLE_UNSUPPORTED_PROTOCOL, \CURLE_URL_MALFORMAT, \CURLE_WRITE_ERROR];

    /** @var (\Closure(string): array{string, string})|null fetches tokens with a refresh token */
    public ?\Closure $fetchTokens = null;
    private readonly string $base;
    private readonly \CurlHandle $curl;

    public function __construct(
        string $baseUrl,
        public readonly Credentials $credentials,
        private readonly float $timeout,
        private readonly int $retries,
        private readonly float $firstWait,
        private readonly float $maxWait,
    ) {
        $this->base = rtrim($baseUrl, '/');
        $this->curl = curl_init();
    }

    /** Return the `data` of the response. */
    public function data(Call $call): mixed
    {
        return $this->object($this->send($call))['data'] ?? null;
    }

    /** Return the `data` of the response, with its ETag as `etag`. */
    public function validated(Call $call): mixed
    {
        $response = $this->send($call);
        $data = $this->object($response)['data'] ?? null;
        return is_array($data) ? $data + ['etag' => $response->header('etag')] : $data;
    }

    /** Send a call until it succeeds. */
    public function send(Call $call): Response
    {
        $key = $call->method === 'POST' ? ['Idempotency-Key: ' . bin2hex(random_bytes(16))] : [];
        $attempts = new Attempts($call, $this->retries, $this->firstWait, $this->maxWait);
        while (true) {
            $access = $this->credentials->accessToken();
            $response = $this->attempt($call, $key);
            if ($response === null) {
                $wait = $attempts->delayAfterConnectionError(curl_error($this->curl), ...$this->failure());
            } elseif ($response->isSuccess() || $attempts->wasAlreadyDeleted($response)) {
                return $response;
            } elseif ($attempts->shouldRenewToken($response) && $this->renew($access)) {
                continue;
            } else {
                $wait = $attempts->delayAfterErrorResponse($response);
            }
            usleep((int) ($wait * 1_000_000));
        }
    }

    /** @return array<string, mixed> */
    private function object(Response $response): array
    {
        // A repeated DELETE returns 404 if the lost response was a success.
        return $response->body === '' || $response->status === 404 ? [] : $response->object();
    }

    /**
     * Send a call once; return null if there is no complete response.
     *
     * @param list<string> $headers
     */
    private function attempt(Call $call, array $headers): ?Response
    {
        $received = [];
        $body = '';
        if ($call->sink !== null) {
            ftruncate($call->sink, 0);
            rewind($call->sink);
        }
        $write = static function (\CurlHandle $curl, string $part) use ($call, &$body): int {
            $isSuccess = intdiv(curl_getinfo($curl, \CURLINFO_RESPONSE_CODE), 100) === 2;
            if ($call->sink !== null && $isSuccess) {
                return (int) fwrite($call->sink, $part);
            }
            $body .= $part;
            return strlen($part);
        };
        $readHeader = static function (\CurlHandle $curl, string $line) use (&$received): int {
            [$name, $value] = explode(':', $line, 2) + [1 => ''];
            $received[strtolower(trim($name))] = trim($value);
            return strlen($line);
        };
        curl_reset($this->curl);
        curl_setopt_array($this->curl, $this->options($call, $headers) + [
            \CURLOPT_WRITEFUNCTION => $write,
            \CURLOPT_HEADERFUNCTION => $readHeader,
        ]);
        if (curl_exec($this->curl) === false) {
            return null;
        }
        return new Response(curl_getinfo($this->curl, \CURLINFO_RESPONSE_CODE), $received, $body);
    }

    /**
     * @param list<string> $headers
     * @return array<int, mixed>
     */
    private function options(Call $call, array $headers): array
    {
        $query = http_build_query(array_filter($call->query, static fn (mixed $one): bool => $one !== null));
        $given = array_map(
            static fn (string $name, string $value): string => "$name: $value",
            array_keys($call->headers),
            $call->headers,
        );
        $options = [
            \CURLOPT_URL => $this->base . $call->path . ($query === '' ? '' : "?$query"),
            \CURLOPT_CUSTOMREQUEST => $call->method,
            \CURLOPT_PROTOCOLS => \CURLPROTO_HTTP | \CURLPROTO_HTTPS,
            \CURLOPT_ENCODING => '',
            // curl itself repeats a request when a connection that it kept turns out to be closed.
            \CURLOPT_FRESH_CONNECT => !$call->isRepeatable,
            \CURLOPT_CONNECTTIMEOUT_MS => (int) (min($this->timeout, 10.0) * 1000),
            \CURLOPT_LOW_SPEED_LIMIT => 1,
            \CURLOPT_LOW_SPEED_TIME => (int) ceil($this->timeout),
        ];
        if ($call->form !== null) {
            $options[\CURLOPT_POSTFIELDS] = $call->form;
        } elseif ($call->json !== null) {
            $options[\CURLOPT_POSTFIELDS] = Values::json($call->json);
            $headers[] = 'Content-Type: application/json';
        } elseif ($call->method === 'POST') {
            $options[\CURLOPT_POSTFIELDS] = '';
        }
        $options[\CURLOPT_HTTPHEADER] = [
            'User-Agent: ' . self::USER_AGENT,
            'Accept: ' . ($call->sink === null ? 'application/json' : '*/*'),
            'Expect:',
            ...$headers,
            ...$given,
            ...($call->isAuthorized ? $this->credentials->headers() : []),
        ];
        return $options;
    }

    /** @return array{isValid: bool, wasSent: bool} what the last error of the connection means */
    private function failure(): array
    {
        $number = curl_errno($this->curl);
        $isValid = !in_array($number, self::INVALID, true);
        $isConnected = curl_getinfo($this->curl, \CURLINFO_PRETRANSFER_TIME_T) > 0;
        $wasSent = $isValid && $isConnected && !in_array($number, self::NOT_SENT, true);
        return ['isValid' => $isValid, 'wasSent' => $wasSent];
    }

    private function renew(?string $rejected): bool
    {
        $refresh = $rejected === null ? null : $this->credentials->takeRefreshToken();
        if ($refresh === null || $this->fetchTokens === null) {
            return false;
        }
        try {
            $this->credentials->use(...($this->fetchTokens)($refresh));
        } catch (AuthenticationRequired) {
            return false;
        } catch (TicketSystemError $error) {
            if (!$error instanceof ConnectionFailed || !$error->wasSent) {
                $this->credentials->use($rejected, $refresh);
            }
            throw $error;
        }
        return true;
    }
}
