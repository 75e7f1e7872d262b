<?php

declare(strict_types=1);

namespace Company\TicketSystem\Internal;

/**
 * Writes responses to files.
 *
 * @internal
 */
final class Downloads
{
    /** Write the response of a call to a file, which appears when it is complete; return its path. */
    public static function toFile(Transport $transport, string $path, array $query, string $to): string
    {
        $part = tempnam(dirname($to), '.' . basename($to));
        $sink = $part === false ? false : fopen($part, 'w+b');
        if ($part === false || $sink === false) {
            throw new \RuntimeException("cannot write to $to");
        }
        try {
            $transport->send(new Call('GET', $path, $query, sink: $sink));
            fclose($sink);
            chmod($part, 0666 & ~umask());
            if (!rename($part, $to)) {
                throw new \RuntimeException("cannot write to $to");
            }
            return $to;
        } finally {
            if (is_file($part)) {
                unlink($part);
            }
        }
    }
}
