<?php

declare(strict_types=1);

namespace Company\TicketSystem;

/**
 * A page of a list; iterate over it for its items, or over `all()` for those of all pages.
 *
 * @template T of object
 * @implements \IteratorAggregate<int, T>
 */
final readonly class Page implements \IteratorAggregate, \Countable
{
    /**
     * @param list<T> $items
     * @param \Closure(int): self<T> $fetchPage
     */
    public function __construct(
        public array $items,
        public int $total,
        public int $page,
        public int $size,
        public int $pages,
        private \Closure $fetchPage,
    ) {
    }

    public function hasNext(): bool
    {
        return $this->page < $this->pages;
    }

    public function hasPrevious(): bool
    {
        return $this->page > 1;
    }

    /** @return self<T>|null the next page, or null after the last one */
    public function next(): ?self
    {
        return $this->hasNext() ? ($this->fetchPage)($this->page + 1) : null;
    }

    /**
     * Yield the items of this page and of all that follow, fetched on demand.
     *
     * An item that moves to the next page in the meantime is yielded once.
     *
     * @return \Generator<int, T>
     */
    public function all(): \Generator
    {
        $previous = [];
        for ($page = $this; $page !== null; $page = $page->next()) {
            foreach ($page->items as $item) {
                if (!isset($previous[$item->id])) {
                    yield $item;
                }
            }
            $previous = array_flip(array_column($page->items, 'id'));
        }
    }

    public function getIterator(): \ArrayIterator
    {
        return new \ArrayIterator($this->items);
    }

    public function count(): int
    {
        return count($this->items);
    }
}
