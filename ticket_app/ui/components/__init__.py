"""Local React components with their Python wrappers, a folder for each.

`component.tsx` holds the components, the modules beside it what can be tested without a browser
(tests/ui/components). What a page needs is declared in the wrapper: props, events and the files to
bundle. `make check` compiles them strictly, `make test` runs their tests (scripts/components.py).
"""

from __future__ import annotations

import inspect
import sys
from types import SimpleNamespace

from reflex import assets


def nearest_frames() -> list[inspect.FrameInfo]:
    """Return the caller's frame and the one that called it, as `inspect.stack()` begins.

    `rx.asset` looks at these two only. `inspect.stack()` reads the source of every frame of an
    import, which took 35 ms for each of fifty files.
    """
    caller = sys._getframe(1)  # noqa: SLF001, what inspect.stack() uses
    frames = [caller, caller.f_back]
    return [
        inspect.FrameInfo(frame, frame.f_code.co_filename, frame.f_lineno, "", None, None)
        for frame in frames
        if frame
    ]


if assets.inspect is not inspect:
    raise RuntimeError("rx.asset finds its caller in another way than this version expects")
assets.inspect = SimpleNamespace(stack=nearest_frames, getmodule=inspect.getmodule)
