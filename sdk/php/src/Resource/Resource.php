<?php

declare(strict_types=1);

namespace Company\TicketSystem\Resource;

use Company\TicketSystem\Internal\Call;
use Company\TicketSystem\Internal\Fields;
use Company\TicketSystem\Internal\Transport;
use Company\TicketSystem\Internal\Values;
use Company\TicketSystem\Page;

/**
 * A group of endpoints.
 *
 * @internal
 */
abstract class Resource
{
    public function __construct(protected readonly Transport $transport)
    {
    }

    /**
     * @template T of object
     * @param callable(Fields): T $read
     * @return T
     */
    protected function one(callable $read, Call $call): object
    {
        return $read(Fields::of($this->transport->data($call)));
    }

    /**
     * @template T of object
     * @param callable(Fields): T $read
     * @return Page<T>
     */
    protected function page(callable $read, Call $call): Page
    {
        $data = Fields::of($this->transport->data($call));
        $totals = $data->value('pagination') === null ? $data : Fields::of($data->value('pagination'));
        return new Page(
            $data->models('items', $read),
            $totals->integer('total'),
            $totals->integer('page'),
            $totals->integer('size'),
            $totals->integer('pages'),
            fn (int $page): Page => $this->page($read, $call->forPage($page)),
        );
    }

    /**
     * @param array<string, mixed> $json
     * @return array<string, mixed>
     */
    protected static function given(array $json): array
    {
        return Values::given($json);
    }
}
