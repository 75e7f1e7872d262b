"""Measure how fast emails are read, and whether memory stays flat.

    python benchmarks/email_parsing.py [COUNT]

Reads the ordinary messages of `tests/email_corpus` in turn, 10,000 by default. Prints messages per
second and per CPU second, the slowest messages, and the memory after each tenth.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ticket_app.core.email.incoming.source import parse

CORPUS = Path(__file__).resolve().parent.parent / "tests" / "email_corpus"
HOSTILE = ("nested-", "parts-", "html-deep", "winmail", "header-huge", "comments-")
"""Messages that nobody sends, and `winmail.dat`, which is read in a process of its own."""


def own_memory() -> float:
    """Return the MB of memory that this process has now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1024**2


def main() -> None:
    """Read the messages and print what it took."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    paths = [path for path in sorted(CORPUS.glob("*.eml")) if not path.name.startswith(HOSTILE)]
    sources = [(path.stem, path.read_bytes()) for path in paths]
    times = dict.fromkeys((name for name, _ in sources), 0.0)
    for _, source in sources:
        parse(source)
    print(f"{len(sources)} messages of {sum(len(s) for _, s in sources) / len(sources):.0f} bytes")
    memory = [own_memory()]
    started, cpu_started = time.perf_counter(), time.process_time()
    for number in range(count):
        name, source = sources[number % len(sources)]
        before = time.process_time()
        parse(source)
        times[name] += time.process_time() - before
        if (number + 1) % max(count // 10, 1) == 0:
            memory.append(own_memory())
    elapsed, cpu = time.perf_counter() - started, time.process_time() - cpu_started
    print(f"{count / elapsed:.0f} messages a second, {count / cpu:.0f} a CPU second")
    for name, total in sorted(times.items(), key=lambda item: -item[1])[:5]:
        print(f"  {total * len(sources) / count * 1000:6.2f} ms {name}")
    print("MB after each tenth:", " ".join(f"{value:.0f}" for value in memory))


if __name__ == "__main__":
    main()
