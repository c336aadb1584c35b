"""Faults that are real: slow, frozen and dropped links, servers that never answer, full disks, stopped and killed processes."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import socket
import tempfile
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Self

from tests.lab.hosts import RootHost
from tests.lab.world import LabError, World

Address = Path | tuple[str, int]
"""A UNIX socket's path, or host and port."""


class Link:
    """A proxy in its own thread that behaves like a long, thin or broken line in front of a server.

    `rtt_s`: added to each round trip; `rate`: bytes a second in each direction, 0 = unlimited; `jitter_s`: random extra (order is
    kept). `listen`: a UNIX path (default: one of its own) or ("127.0.0.1", 0). It passes bytes, not file descriptors:
    libvirt's openGraphicsFD does not work through it, as over a real network. All methods: from any thread but its own.
    """

    def __init__(
        self,
        target: Address,
        *,
        rtt_s: float = 0.0,
        rate: int = 0,
        jitter_s: float = 0.0,
        listen: Address | None = None,
        inside: RootHost | None = None,
    ) -> None:
        self.target, self.rtt_s, self.rate, self.jitter_s = target, rtt_s, rate, jitter_s
        self._inside = inside
        self._folder = tempfile.TemporaryDirectory(prefix="hl-link-", dir="/tmp") if listen is None else None
        self._listen: Address = Path(self._folder.name) / "sock" if self._folder else listen  # type: ignore[assignment]
        self.connections = 0
        """How many were accepted so far."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="lab-link")
        self._dialler = ThreadPoolExecutor(1, "lab-link-dialler") if inside else None
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> Self:
        """Begins to listen."""
        self._thread.start()
        if self._dialler:
            self._dialler.submit(lambda: None).result()  # its thread exists from the start, not from the first test on
        self._call(self._serve())
        return self

    def stop(self) -> None:
        """Drops all connections and ends; nothing stays."""
        if self._thread.is_alive():
            self._call(self._close())
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(10)
        self._loop.close()
        if self._dialler:
            self._dialler.shutdown()
        if self._folder:
            self._folder.cleanup()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _call(self, work: Coroutine[None, None, None]) -> None:
        future: Future[None] = asyncio.run_coroutine_threadsafe(work, self._loop)
        future.result(10)

    @property
    def path(self) -> Path:
        """The UNIX socket that it listens on."""
        if not isinstance(self._listen, Path):
            raise LabError("this link listens on TCP")
        return self._listen

    @property
    def port(self) -> int:
        """The TCP port that it listens on."""
        return int(self._server.sockets[0].getsockname()[1])

    def uri(self, kind: str = "system") -> str:
        """libvirt's URI through this link (its target: a libvirt socket)."""
        return f"qemu+unix:///{kind}?socket={self.path}"

    def freeze(self) -> None:
        """From now on nothing passes; connections stay open, as with a pulled cable."""
        self._loop.call_soon_threadsafe(self._moving.clear)

    def thaw(self) -> None:
        """Ends `freeze`; what was held back is delivered."""
        self._loop.call_soon_threadsafe(self._moving.set)

    def drop(self) -> None:
        """Breaks all connections at once; new ones are accepted."""
        self._call(self._abort_all())

    # -- in the thread --

    async def _serve(self) -> None:
        self._moving = asyncio.Event()
        self._moving.set()
        if isinstance(self._listen, Path):
            self._server = await asyncio.start_unix_server(self._accept, str(self._listen))
        else:
            self._server = await asyncio.start_server(self._accept, *self._listen)

    async def _abort_all(self) -> None:
        for writer in list(self._writers):
            writer.transport.abort()
        if self._tasks and self._moving.is_set():
            await asyncio.wait(set(self._tasks), timeout=2)

    async def _close(self) -> None:
        self._server.close()
        await self._abort_all()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        sock = await self._loop.run_in_executor(self._dialler, self._connect_blocking) if self._inside else self._connect_here()
        sock.setblocking(False)
        return await (
            asyncio.open_unix_connection(sock=sock) if sock.family == socket.AF_UNIX else asyncio.open_connection(sock=sock)
        )

    def _connect_here(self) -> socket.socket:
        if isinstance(self.target, tuple):
            return socket.create_connection(self.target, 5)
        sock = socket.socket(socket.AF_UNIX)
        sock.connect(str(self.target))
        return sock

    def _connect_blocking(self) -> socket.socket:
        """In a throw-away thread, which stays in the host's network namespace until its end."""
        made: Future[socket.socket] = Future()

        def work() -> None:
            try:
                assert self._inside
                self._inside.enter_network()
                made.set_result(self._connect_here())
            except (OSError, LabError) as error:
                made.set_exception(error)

        thread = threading.Thread(target=work, name="lab-link-connect")
        thread.start()
        thread.join()
        return made.result()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            far_reader, far_writer = await self._connect()
        except (OSError, LabError):
            writer.transport.abort()
            return
        self._writers |= {writer, far_writer}
        try:
            await asyncio.gather(self._pump(reader, far_writer), self._pump(far_reader, writer))
        finally:
            self._writers -= {writer, far_writer}
            writer.close()
            far_writer.close()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Reads at once and delivers late, so that the delay does not cost throughput."""
        queue: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(1024)
        delivery = asyncio.ensure_future(self._deliver(queue, writer))
        try:
            while data := await reader.read(65536):
                await queue.put((self._due(), data))
            await queue.put((self._due(), b""))
            await delivery
        except OSError:
            writer.transport.abort()
        finally:
            delivery.cancel()

    def _due(self) -> float:
        return self._loop.time() + self.rtt_s / 2 + random.random() * self.jitter_s

    async def _deliver(self, queue: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter) -> None:
        while True:
            due, data = await queue.get()
            await asyncio.sleep(max(0.0, due - self._loop.time()))
            await self._moving.wait()
            if not data:
                with contextlib.suppress(OSError):
                    writer.write_eof()
                return
            try:
                writer.write(data)
                await writer.drain()
            except OSError:
                return
            if self.rate:
                await asyncio.sleep(len(data) / self.rate)


class BlackHole:
    """A server that accepts and never answers a byte: a UNIX socket, or with `tcp` a port of 127.0.0.1."""

    def __init__(self, *, tcp: bool = False) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="hl-hole-", dir="/tmp")
        self.path = Path(self._folder.name) / "sock"
        self._socket = socket.socket(socket.AF_INET if tcp else socket.AF_UNIX)
        self._socket.bind(("127.0.0.1", 0) if tcp else str(self.path))
        self._socket.listen(64)  # the kernel accepts for us; nobody ever reads

    @property
    def port(self) -> int:
        """The TCP port."""
        return int(self._socket.getsockname()[1])

    @property
    def uri(self) -> str:
        """A libvirt URI that hangs in its opening."""
        if self._socket.family == socket.AF_INET:
            return f"qemu+tcp://127.0.0.1:{self.port}/system"
        return f"qemu+unix:///system?socket={self.path}"

    def close(self) -> None:
        """Ends it; clients see a closed connection."""
        self._socket.close()
        self._folder.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@contextlib.contextmanager
def small_filesystem(host: RootHost, size: str = "4m") -> Iterator[Path]:
    """A folder of `size` on `host` for images or pools that shall run full ("No space left on device").

    It is mounted in the host's namespace alone: look into it with `host.run_inside`. `grow` makes room.
    """
    folder = host.root / "small"
    folder.mkdir(exist_ok=True)
    host.run_inside("mount", "-t", "tmpfs", "-o", f"size={size},mode=777", "lab-small", str(folder))
    try:
        yield folder
    finally:
        host.run_inside("umount", "-l", str(folder))


def grow(host: RootHost, folder: Path, size: str) -> None:
    """Gives a `small_filesystem` another size."""
    host.run_inside("mount", "-o", f"remount,size={size}", str(folder))


@contextlib.contextmanager
def stopped(pid: int) -> Iterator[None]:
    """The process hangs within the block (SIGSTOP), for example `stopped(guest.qemu_pid())`."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


@contextlib.contextmanager
def hung_daemon(world: World) -> Iterator[None]:
    """libvirtd accepts connections and answers nothing within the block."""
    with stopped(world.daemon_pid):
        yield


def unreachable_port() -> int:
    """A port of 127.0.0.1 where nobody listens: connections are refused."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
