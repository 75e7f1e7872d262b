"""`make dev`: serve the pages and the API on one port, and reload them when a file is saved.

Starting the program takes seconds, mostly for imports. So a chain of processes keeps what has not
changed in memory: the first has imported the libraries, its child the core as well, the next one
the API, the last one the pages. A saved file ends the process that imported it, and its parent
forks a new one, which imports only what follows.

The last process compiles the pages and forks the server. The old server answers until the new one
is ready. Vite serves the compiled pages and updates them in the browser.
"""

from __future__ import annotations

import asyncio
import filecmp
import gc
import importlib
import multiprocessing
import os
import pkgutil
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager, redirect_stdout, suppress
from dataclasses import dataclass
from multiprocessing.sharedctypes import RawArray, RawValue
from pathlib import Path
from types import FrameType
from typing import Any, Final, NoReturn

import reflex as rx
import watchfiles
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server
from reflex.compiler import utils as compiler_utils
from reflex.utils import path_ops
from reflex.utils.build import set_env_json
from reflex.utils.exec import get_app_instance_from_file
from reflex_base.config import get_config
from reflex_base.environment import environment

from ticket_app.settings import PROJECT_ROOT, settings
from ticket_app.ui import build, vite
from ticket_app.ui.frontend_patches import make_patch

SUFFIXES: Final = frozenset({".py", ".css", ".js", ".jsx", ".ts", ".tsx", ".svg", ".md"})
WATCHED: Final = ("ticket_app", "assets", "rxconfig.py")


@dataclass(frozen=True)
class Layer:
    """A process of the chain, and how it imports what it keeps in memory."""

    name: str
    load: Callable[[], None]


def load_libraries() -> None:
    """Import every library that the product uses, but none of its own modules."""
    names = subprocess.run(
        [sys.executable, "-c", "import ticket_app.ticket_app, sys; print(*sys.modules)"],
        cwd=PROJECT_ROOT,
        env=os.environ,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    for name in names.stdout.splitlines()[-1].split():
        if not _is_own(name):
            with suppress(ImportError):  # some are made by other modules, not by files
                importlib.import_module(name)
    for name in filter(_is_own, list(sys.modules)):
        del sys.modules[name]


def _is_own(module: str) -> bool:
    return module.partition(".")[0] in ("rxconfig", "ticket_app")


def load_packages(*names: str) -> None:
    """Import all modules of some packages."""
    for name in names:
        package = importlib.import_module(name)
        for module in pkgutil.walk_packages(package.__path__, f"{name}."):
            importlib.import_module(module.name)


LAYERS: Final = (
    Layer("libraries", load_libraries),
    Layer("widgets", lambda: load_packages("ticket_app.ui.components", "ticket_app.ui.widgets")),
    Layer("core", lambda: load_packages("ticket_app.tables", "ticket_app.core")),
    Layer("API", lambda: load_packages("ticket_app.api")),
    Layer("pages", lambda: load_packages("ticket_app.ui.pages")),
)

# The process ids of the layers, and the server's, in memory that all processes share.
pids = RawArray("i", len(LAYERS) + 2)
SERVER: Final = len(LAYERS)
COMPILER: Final = len(LAYERS) + 1
HOT_UPDATES: Final = re.compile(r"hmr: true,")
NOT_FOUND: Final = "[404]._index"
saved_at, saved_layer = RawValue("d"), RawValue("i")
compiled = multiprocessing.Event()


def note_files(number: int) -> None:
    """Save the list of product files that the process of a layer has imported."""
    modules = [module for name, module in list(sys.modules.items()) if _is_own(name)]
    files = sorted(str(module.__file__) for module in modules if module.__file__)
    _list_of_files(number).write_text("\n".join(files), encoding="utf-8")


def layer_of(path: str) -> int:
    """Return the number of the first layer that imported a file, or of the last layer."""
    for number in range(len(LAYERS)):
        files = _list_of_files(number)
        if files.is_file() and path in files.read_text(encoding="utf-8").splitlines():
            return number
    return len(LAYERS) - 1


def _list_of_files(number: int) -> Path:
    return vite.notes_dir() / f"files-of-layer-{number}"


def stop(number: int) -> None:
    """End the process in a slot of `pids`."""
    pid, pids[number] = pids[number], 0
    if pid:
        with suppress(ProcessLookupError):  # it has ended by itself
            os.kill(pid, signal.SIGTERM)


def run_layer(number: int, run_program: Callable[[], None]) -> NoReturn:
    """Run the process of a layer: import it, then keep a process of the next layer running."""

    def end(_signal: int, _frame: FrameType | None) -> NoReturn:
        if number + 1 < len(LAYERS):
            stop(number + 1)
        stop(COMPILER)
        os._exit(0)

    signal.signal(signal.SIGTERM, end)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    gc.disable()  # it takes a third of the time of imports, and nothing here becomes garbage
    try:
        LAYERS[number].load()
        note_files(number)
        gc.freeze()
        if number + 1 < len(LAYERS):
            keep_running(number + 1, run_program)
        run_program()
    except BaseException:  # noqa: BLE001, any mistake in the file that was saved
        traceback.print_exc()
    while True:
        signal.pause()


def keep_running(number: int, run_program: Callable[[], None]) -> NoReturn:
    """Fork a process of a layer whenever there is none."""
    while True:
        if not (pid := fork(number)):
            run_layer(number, run_program)
        os.waitpid(pid, 0)


def fork(slot: int) -> int:
    """Fork, and store the child's process id before a signal can end it."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    if pid := os.fork():
        pids[slot] = pid
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    return pid


def compile_in_child(
    app: Any, modules: Collection[str] = (), *, low_priority: bool = False
) -> bool:
    """Compile pages in a child process, with low priority after a pause; return its success."""
    if pid := fork(COMPILER):
        return os.waitpid(pid, 0)[1] == 0
    end_on_signal()
    try:
        if low_priority:
            time.sleep(2)
            os.nice(2)
        compile_pages(app, modules)
    except BaseException:  # noqa: BLE001, any mistake in a page
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def end_on_signal() -> None:
    """Let SIGTERM end this process, as it did before it was forked from a layer."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})


def run_program(host: str, port: int) -> None:
    """Fork the server and compile the pages, most recently opened ones first."""
    app: Any = importlib.import_module("ticket_app.ticket_app").app
    if not compiled.is_set():
        if compile_in_child(app):
            compiled.set()
            start_server(app, host, port)
        return
    if LAYERS[saved_layer.value].name in ("widgets", "pages") and (recent := vite.recent_pages()):
        compile_in_child(app, recent)
    start_server(app, host, port)
    if LAYERS[saved_layer.value].name != "API":
        compile_in_child(app, low_priority=True)


def start_server(app: Any, host: str, port: int) -> None:
    """Fork a server; once it is ready, the one before it is ended."""
    app.register_lifespan_task(replace_server)
    if not os.fork():
        end_on_signal()
        gc.enable()
        environment.REFLEX_SKIP_COMPILE.set(True)
        Server(
            target=get_app_instance_from_file(),
            factory=True,
            address=host,
            port=port,
            interface=Interfaces.ASGI,
            log_level=LogLevels.warning,
            workers_kill_timeout=1,
        ).serve()
        os._exit(0)


@asynccontextmanager
async def replace_server() -> AsyncIterator[None]:
    """End the old server as soon as this one listens, which it does a moment after this."""
    old, pids[SERVER] = pids[SERVER], os.getppid()  # this runs in granian's worker
    if old:
        asyncio.get_running_loop().call_later(0.2, os.kill, old, signal.SIGTERM)
    print(f"Ready after {seconds_since_save():.1f} s", flush=True)
    yield


def compile_pages(app: Any, modules: Collection[str] = ()) -> None:
    """Compile all pages, or those with the given modules, to where Vite reads them.

    Reflex deletes the files of pages that it does not compile; here they stay. Packages are
    installed when the program starts, as the next save would interrupt it.
    """
    plugin = DevelopmentPages()
    path_ops.cp = copy_if_changed
    if compiled.is_set():
        app._get_frontend_packages = lambda _imports: None  # noqa: SLF001
    if modules:
        plugin.keep_all_but(modules)
        compiler_utils.prune_stale_memo_files = lambda _paths: None
        app._write_stateful_pages_marker = lambda: None  # noqa: SLF001
        app._unevaluated_pages = {  # noqa: SLF001
            route: page
            for route, page in app._unevaluated_pages.items()  # noqa: SLF001
            if Path(compiler_utils.get_page_path(route)).stem in modules
        }
    get_config().plugins.append(plugin)
    with Path(os.devnull).open("w", encoding="utf-8") as devnull, redirect_stdout(devnull):
        app._compile(use_rich=False)  # noqa: SLF001
    print(f"Compiled {len(modules) or 'all'} pages after {seconds_since_save():.1f} s", flush=True)


def copy_if_changed(src: Path, dest: Path, *, overwrite: bool = True) -> bool:  # noqa: ARG001
    """Copy a style sheet unless it is unchanged, because Vite reloads every written file."""
    if dest.is_file() and filecmp.cmp(src, dest, shallow=False):
        return False
    shutil.copyfile(src, dest)
    return True


class DevelopmentPages(rx.plugins.Plugin):
    """Keeps the files of other pages, and sends the browser the port of Vite."""

    def __init__(self) -> None:
        self.files: dict[str, str] = {}

    def keep_all_but(self, modules: Collection[str]) -> None:
        """Add the existing files of all other pages to the compiled ones."""
        folder = Path(compiler_utils.get_page_path("index")).parent
        others = [path for path in folder.iterdir() if path.stem not in {*modules, NOT_FOUND}]
        self.files = {str(path): path.read_text(encoding="utf-8") for path in others}

    def pre_compile(self, **context: Any) -> None:
        """Add the files and edit Vite's configuration."""
        context["add_save_task"](lambda: list(self.files.items()))
        port = os.environ["REFLEX_FRONTEND_PORT"]
        edit = make_patch("vite.config.js", HOT_UPDATES, f"hmr: {{ clientPort: {port} }},")
        context["add_modify_task"]("vite.config.js", edit)


def seconds_since_save() -> float:
    """Return how long ago a file was saved, or the program started."""
    return time.monotonic() - saved_at.value


def run(host: str, port: int) -> None:
    """Serve until interrupted, and reload whatever is saved."""
    os.chdir(PROJECT_ROOT)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    os.environ.setdefault("REFLEX_WEB_WORKDIR", str(settings().var / "web-dev"))
    os.environ.update(build.build_environment("dev"))
    vite_port = free_port()
    os.environ["REFLEX_FRONTEND_PORT"] = str(vite_port)
    # In a child process, because this one must not import what the layers reload.
    subprocess.run([sys.executable, "-m", "ticket_app", "demo"], check=True)
    build.prepare_web_dir()
    set_env_json()
    saved_at.value = time.monotonic()
    if not fork(0):
        os.setsid()  # all processes of the program are one group, which ends as a whole
        run_layer(0, lambda: run_program(host, port))
    group, frontend = pids[0], None
    try:
        print("Importing and compiling everything ...", flush=True)
        for changes in watchfiles.watch(
            *WATCHED,
            watch_filter=is_source,
            step=20,
            debounce=100,
            rust_timeout=500,
            yield_on_timeout=True,
        ):
            if not frontend and compiled.is_set():
                frontend = vite.start(vite_port)
                print(f"Help desk: http://{host}:{port}", flush=True)
            if changes:
                saved_at.value = time.monotonic()
                saved_layer.value = min(layer_of(path) for _, path in changes)
                print(f"Reloading the {LAYERS[saved_layer.value].name} ...", flush=True)
                stop(saved_layer.value)
    except KeyboardInterrupt:
        pass
    finally:
        os.killpg(group, signal.SIGTERM)
        if frontend:
            vite.end(frontend)


def is_source(_change: watchfiles.Change, path: str) -> bool:
    """Return whether a changed file is part of the program."""
    return Path(path).suffix in SUFFIXES and not {"__pycache__", "external"} & set(Path(path).parts)


def free_port() -> int:
    """Return a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
