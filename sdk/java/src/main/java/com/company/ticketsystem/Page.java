package com.company.ticketsystem;

import com.company.ticketsystem.json.JsonObject;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A page of a list; iterate over it for its items, or over {@code all()} for those of all pages. */
public final class Page<T> implements Iterable<T> {
    private final List<T> items;
    private final long total;
    private final long page;
    private final long size;
    private final long pages;
    private final ToLongFunction<T> id;
    private final LongFunction<Page<T>> fetch;

    Page(List<T> items, JsonObject totals, ToLongFunction<T> id, LongFunction<Page<T>> fetch) {
        this.items = items;
        this.total = totals.integer("total");
        this.page = totals.integer("page");
        this.size = totals.integer("size");
        this.pages = totals.integer("pages");
        this.id = id;
        this.fetch = fetch;
    }

    /** The items of this page. */
    public List<T> items() {
        return items;
    }

    /** How many items all pages have together. */
    public long total() {
        return total;
    }

    /** The number of this page; the first is 1. */
    public long page() {
        return page;
    }

    /** How many items a page has at most. */
    public long size() {
        return size;
    }

    /** How many pages there are. */
    public long pages() {
        return pages;
    }

    /** Whether there is another page. */
    public boolean hasNext() {
        return page < pages;
    }

    /** Whether this is not the first page. */
    public boolean hasPrevious() {
        return page > 1;
    }

    /** Fetch the next page; empty after the last one. */
    public Optional<Page<T>> next() {
        return hasNext() ? Optional.of(fetch.apply(page + 1)) : Optional.empty();
    }

    /**
     * Return the items of this page and of all that follow, fetched on demand.
     *
     * <p>An item that moves to the next page in the meantime is returned once.
     */
    public Iterable<T> all() {
        return () -> new Iterator<>() {
            private Page<T> current = Page.this;
            private Iterator<T> waiting = items.iterator();

            @Override
            public boolean hasNext() {
                while (!waiting.hasNext() && current.hasNext()) {
                    Set<Long> previous = new HashSet<>();
                    current.items.forEach(item -> previous.add(id.applyAsLong(item)));
                    current = fetch.apply(current.page + 1);
                    waiting = current.items.stream()
                            .filter(item -> !previous.contains(id.applyAsLong(item)))
                            .iterator();
                }
                return waiting.hasNext();
            }

            @Override
            public T next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return waiting.next();
            }
        };
    }

    /** Return the items of {@code all()} as a stream. */
    public Stream<T> stream() {
        return StreamSupport.stream(all().spliterator(), false);
    }

    @Override
    public Iterator<T> iterator() {
        return items.iterator();
    }
}
