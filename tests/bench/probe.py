"""Watches any X11 program from outside: when its window is there, when it is painted, whether its UI thread answers.

* painted: the first time the window's pixels are not one flat colour;
* loaded: the last of the log lines that say the list is filled;
* answer: ``_NET_WM_PING`` every 20 ms, which every toolkit answers from its main loop, so that the latency is the time the
  UI thread could not run; unanswered pings count with their age;
* key to paint: XTEST Down key to the first changed pixel;
* CPU and memory from /proc.
"""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from Xlib import XK, X, display, error, protocol
from Xlib.ext import xtest

PING_EVERY_S = 0.02
TICKS_PER_S = os.sysconf("SC_CLK_TCK")


@dataclass
class Spread:
    """Of latencies in ms."""

    n: int = 0
    p50: float = 0.0
    p95: float = 0.0
    p99: float = 0.0
    max: float = 0.0
    over_50: int = 0

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        if not values:
            return cls()
        ranked = sorted(values)

        def at(share: float) -> float:
            return round(ranked[min(len(ranked) - 1, int(share * len(ranked)))], 2)

        return cls(len(ranked), at(0.5), at(0.95), at(0.99), round(ranked[-1], 1), sum(v > 50 for v in ranked))


@dataclass
class Watch:
    """What to look for in one program's log and title."""

    title: str
    log: Path
    loaded: str
    """Regular expression of the line that says the list is filled."""


@dataclass
class Outcome:
    """Seconds from exec unless named otherwise; None where not seen."""

    painted_s: float | None = None
    loaded_s: float | None = None
    rss_mib: float = 0.0
    cpu_to_loaded_s: float = 0.0
    idle_cpu_percent: float | None = None
    loading: Spread = field(default_factory=Spread)
    idle: Spread = field(default_factory=Spread)
    act: Spread = field(default_factory=Spread)
    key_to_paint: Spread = field(default_factory=Spread)
    load_average: float = 0.0


class Probe:
    """Starts ``command`` and watches it; use as a context manager, which ends the program."""

    def __init__(self, command: Sequence[str], watch: Watch, env: dict[str, str], output: Path) -> None:
        self.watch = watch
        self.display = display.Display(env["DISPLAY"])
        self.root = self.display.screen().root
        self.root.change_attributes(event_mask=X.SubstructureNotifyMask | X.StructureNotifyMask)
        self._protocols = self.display.intern_atom("WM_PROTOCOLS")
        self._ping = self.display.intern_atom("_NET_WM_PING")
        self._names = (self.display.intern_atom("_NET_WM_NAME"), self.display.intern_atom("UTF8_STRING"))
        self.display.sync()
        self.outcome = Outcome()
        self.window: Any = None
        self.pinging = True
        self._pending: dict[int, float] = {}
        self._answers: list[float] = []
        self._serial = 1000
        self._last_ping = 0.0
        self._log_at = watch.log.stat().st_size if watch.log.exists() else 0
        self._log_rest = b""
        self._output = output.open("wb")
        self.started = time.perf_counter()
        self.process = subprocess.Popen(list(command), env=env, stdout=self._output, stderr=subprocess.STDOUT)

    def __enter__(self) -> Probe:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._output.close()
        self.display.close()

    # ---- watching

    def until(self, done: Callable[[], bool], timeout_s: float) -> bool:
        """Pumps X events and pings until ``done``; False on time-out or when the program ended."""
        end = time.perf_counter() + timeout_s
        while time.perf_counter() < end and self.process.poll() is None:
            self._pump()
            self._send_ping()
            if done():
                return True
            time.sleep(0.001)
        return False

    def wait(self, seconds: float) -> None:
        """Just watches."""
        self.until(lambda: False, seconds)

    def wait_loaded(self, timeout_s: float) -> bool:
        """Until the window is there, painted, and the list filled; fills the first fields of the outcome."""
        if not self.until(lambda: self.window is not None, timeout_s):
            return False
        self.until(self._is_painted, 30)
        self.outcome.painted_s = time.perf_counter() - self.started
        loaded = self.until(self._log_says_loaded, timeout_s)
        if loaded:
            self.outcome.loaded_s = time.perf_counter() - self.started
        self.outcome.cpu_to_loaded_s = self.cpu_s()
        self.wait(4)
        self.outcome.loading = self.take_answers()
        self.outcome.rss_mib = self.rss_mib()
        self.outcome.load_average = os.getloadavg()[0]
        return loaded

    def measure_idle(self, seconds: float) -> None:
        """CPU without pings first (a ping costs the program about 0.1 ms), then answers."""
        self.pinging = False
        cpu, at = self.cpu_s(), time.perf_counter()
        self.wait(seconds)
        self.outcome.idle_cpu_percent = round(100 * (self.cpu_s() - cpu) / (time.perf_counter() - at), 2)
        self.pinging = True
        self._answers.clear()
        self.wait(min(10.0, seconds))
        self.outcome.idle = self.take_answers()

    def measure_keys(self, times: int, x: int = 120, y: int = 220) -> None:
        """Down key to changed pixels in the list; clicks into it first."""
        self._focus(x, y)
        geometry = self.window.get_geometry()
        code = self.display.keysym_to_keycode(XK.string_to_keysym("Down"))
        spent = []
        for _ in range(times):
            self.wait(0.137)
            before = self._pixels(20, 80, 60, geometry.height - 100)
            at = time.perf_counter()
            self._tap(code)
            while time.perf_counter() - at < 10 and self._pixels(20, 80, 60, geometry.height - 100) == before:
                time.sleep(0.0005)
            spent.append((time.perf_counter() - at) * 1e3)
        self.outcome.key_to_paint = Spread.of(spent)

    def measure_act(self, keys: str, seconds: float, before: Callable[[], None] = lambda: None) -> None:
        """Sends the keysyms after ``before`` (which cuts the link, stops a guest ...) and watches the answers."""
        self._focus(120, 220)
        before()
        self.take_answers()
        for name in keys.split():
            self._tap(self.display.keysym_to_keycode(XK.string_to_keysym(name)))
            self.wait(0.2)
        self.wait(seconds)
        self.outcome.act = self.take_answers()

    def take_answers(self) -> Spread:
        """Latencies since the last call; the unanswered with their age."""
        now = time.perf_counter()
        spread = Spread.of(self._answers + [(now - sent) * 1e3 for sent in self._pending.values() if now - sent > 0.01])
        self._answers = []
        return spread

    # ---- the process

    def cpu_s(self) -> float:
        """User and system time of the whole process so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(") ")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS_PER_S

    def rss_mib(self) -> float:
        text = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text()
        match = re.search(r"^Rss:\s+(\d+)", text, re.M)
        return round(int(match[1]) / 1024, 1) if match else 0.0

    # ---- X

    def _pump(self) -> None:
        while self.display.pending_events():
            event = self.display.next_event()
            now = time.perf_counter()
            if event.type == X.MapNotify and self.window is None:
                self._consider(event.window, event.override)
            elif event.type == X.ClientMessage and event.client_type == self._protocols and event.data[1][0] == self._ping:
                sent = self._pending.pop(event.data[1][1], None)
                if sent is not None:
                    self._answers.append((now - sent) * 1e3)

    def _consider(self, window: Any, override: bool) -> None:
        try:
            size = window.get_geometry()
            prop = window.get_full_property(*self._names)
            name = prop.value if prop else window.get_wm_name() or ""
        except error.XError:
            return
        text = name.decode("utf-8", "replace") if isinstance(name, bytes) else str(name)
        if not override and size.width >= 200 and size.height >= 100 and re.search(self.watch.title, text):
            self.window = window

    def _send_ping(self) -> None:
        now = time.perf_counter()
        if self.window is None or not self.pinging or now - self._last_ping < PING_EVERY_S:
            return
        self._last_ping = now
        self._serial += 1
        data = (32, [self._ping, self._serial, self.window.id, 0, 0])
        self._pending[self._serial] = now
        message = protocol.event.ClientMessage(window=self.window, client_type=self._protocols, data=data)
        self.window.send_event(message, event_mask=0)
        self.display.flush()

    def _pixels(self, x: int, y: int, w: int, h: int) -> bytes:
        size = self.window.get_geometry()
        box = (x, y, max(1, min(w, size.width - x)), max(1, min(h, size.height - y)))
        return bytes(self.window.get_image(*box, X.ZPixmap, 0xFFFFFFFF).data)

    def _is_painted(self) -> bool:
        try:
            data = self._pixels(0, 0, 300, 60)
        except error.XError:
            return False
        return len({data[i : i + 4] for i in range(0, len(data), 28)}) > 3

    def _log_says_loaded(self) -> bool:
        try:
            with self.watch.log.open("rb") as log:
                log.seek(self._log_at)
                data = log.read()
        except OSError:
            return False
        self._log_at += len(data)
        *lines, self._log_rest = (self._log_rest + data).split(b"\n")
        return any(re.search(self.watch.loaded.encode(), line) for line in lines)

    def _focus(self, x: int, y: int) -> None:
        self.window.set_input_focus(X.RevertToParent, X.CurrentTime)
        xtest.fake_input(self.display, X.MotionNotify, x=x, y=y)
        xtest.fake_input(self.display, X.ButtonPress, 1)
        xtest.fake_input(self.display, X.ButtonRelease, 1)
        self.display.sync()
        self.wait(1.5)

    def _tap(self, code: int) -> None:
        xtest.fake_input(self.display, X.KeyPress, code)
        xtest.fake_input(self.display, X.KeyRelease, code)
        self.display.flush()
