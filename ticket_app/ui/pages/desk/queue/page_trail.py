"""The pages that were opened in one list of the queue."""

from __future__ import annotations

from dataclasses import dataclass, field

from ticket_app.ui.pages.desk.queue.filters import QueueFilters


@dataclass
class PageTrail:
    """The pages that were opened in one list, for the Previous button."""

    filters: QueueFilters = field(default_factory=QueueFilters)
    pages: list[tuple[str, int]] = field(default_factory=list)

    def visit(self, filters: QueueFilters) -> PageTrail:
        """Return the trail after opening a page."""
        page = (filters.after, filters.start)
        if filters.without_page != self.filters:
            return PageTrail(filters.without_page, [page])
        if page in self.pages:
            return PageTrail(self.filters, self.pages[: self.pages.index(page) + 1])
        return PageTrail(self.filters, [*self.pages, page])

    @property
    def previous(self) -> tuple[str, int]:
        """The cursor and start of the previous page; the first page if it is unknown."""
        return self.pages[-2] if len(self.pages) > 1 else ("", 1)
