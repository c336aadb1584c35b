"""Our VNC client at libvncserver's own example programs: pictures known by their arithmetic, sizes, pointers, colour maps."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from app.console.client import Buttons, ClientState
from app.console.vnc.protocol import Encoding
from tests.lab.nest import wait_for
from tests.lab.secure_vnc import free_port
from tests.lab.test_console_interop import Viewer

pytestmark = pytest.mark.lab

SOURCES = Path("/usr/share/doc/libvncserver-dev/examples")
"""Where Debian and Ubuntu put them; other distributions do not package them."""

KEYS = {"page up": 0xFF55, "up": 0xFF52, "down": 0xFF54, "f12": 0xFFC9}
ENCODINGS = [Encoding.RAW, Encoding.HEXTILE, Encoding.ZLIB, Encoding.TIGHT, Encoding.ZRLE]

Pixels = np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]
Start = Callable[[str], int]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Compiles an example once."""
    compiler = shutil.which("cc")
    if compiler is None or not SOURCES.is_dir():
        pytest.skip("libvncserver's examples are not here (Debian's libvncserver-dev, and a C compiler)")
    folder = tmp_path_factory.mktemp("examples")

    def build(name: str) -> Path:
        program = folder / name
        if not program.exists():
            command = [compiler, "-w", "-o", str(program), str(SOURCES / f"{name}.c"), "-lvncserver"]
            subprocess.run(command, check=True, capture_output=True)
        return program

    return build


@pytest.fixture
def start(built: Callable[[str], Path], tmp_path: Path) -> Iterator[Start]:
    """Starts an example; its port."""
    running: list[subprocess.Popen[bytes]] = []

    def begin(name: str) -> int:
        port = free_port()
        process = subprocess.Popen(
            [str(built(name)), "-rfbport", str(port), "-listen", "127.0.0.1", "-no6"],
            cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        running.append(process)
        wait_for(lambda: _listens(port) or None, name)
        return port

    yield begin
    for process in running:
        process.kill()
        process.wait(10)


def _listens(port: int) -> bool:
    """By the kernel's list: a connection would count as a viewer."""
    wanted = f"0100007F:{port:04X}"
    lines = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    return any(line.split()[1] == wanted and line.split()[3] == "0A" for line in lines)


@pytest.fixture
def view() -> Iterator[Callable[..., Viewer]]:
    """A viewer of that port, closed at the end."""
    opened: list[Viewer] = []

    def begin(port: int, *encodings: int) -> Viewer:
        opened.append(Viewer(port, *encodings))
        return opened[-1]

    yield begin
    for viewer in opened:
        viewer.close()


def press(viewer: Viewer, key: str) -> None:
    for down in (True, False):
        viewer.client.key(0, KEYS[key], down)


def gradient(width: int, height: int) -> Pixels:
    """What ``initBuffer`` of example.c draws: red (x+y), green x, blue y; a white line at the left edge."""
    column, row = np.meshgrid(np.arange(width), np.arange(height))
    total = (column + row) * 128 // (width + height)
    picture = np.stack([total, column * 128 // width, row * 256 // height], axis=-1).astype(np.uint8)
    picture[:, 0] = 255
    return picture


def is_gradient(viewer: Viewer, width: int, height: int, *, off: int = 0) -> bool:
    """off: by how much a colour may differ."""
    pixels = viewer.pixels().astype(int)
    return pixels.shape == (height, width, 3) and int(np.abs(pixels - gradient(width, height)).max()) <= off


@pytest.mark.parametrize("encoding", ENCODINGS, ids=lambda one: one.name.lower())
def test_every_pixel_of_the_example(start: Start, view: Callable[..., Viewer], encoding: Encoding) -> None:
    viewer = view(start("example"), encoding)
    press(viewer, "page up")  # takes its greeting away
    # Its Tight is JPEG, whatever quality is asked for.
    viewer.pump.until(lambda: is_gradient(viewer, 800, 600, off=16 if encoding is Encoding.TIGHT else 0))


def test_the_example_changes_its_size_with_the_keys(start: Start, view: Callable[..., Viewer]) -> None:
    viewer = view(start("example"), Encoding.ZRLE, Encoding.DESKTOP_SIZE)
    for key, size in (("up", (1024, 768)), ("down", (800, 600)), ("down", (640, 480))):
        press(viewer, key)
        viewer.pump.until(partial(is_gradient, viewer, *size))


def test_the_example_draws_where_the_pointer_is(start: Start, view: Callable[..., Viewer]) -> None:
    viewer = view(start("example"), Encoding.ZRLE)
    press(viewer, "page up")
    viewer.pump.until(lambda: is_gradient(viewer, 800, 600))
    viewer.client.pointer(300, 200, Buttons.LEFT)
    viewer.client.pointer(300, 200, Buttons(0))
    viewer.pump.until(lambda: bool((viewer.pixels()[200, 299:301] == 255).all()))
    assert not (viewer.pixels()[210, 310] == 255).all()


def test_the_examples_own_pointer(start: Start, view: Callable[..., Viewer]) -> None:
    """Its picture is made of colours; the hot spot is not in its middle."""
    viewer = view(start("example"), Encoding.RAW)
    viewer.pump.until(lambda: any(cursor.width for cursor in viewer.cursors))
    cursor = next(cursor for cursor in viewer.cursors if cursor.width)
    assert (cursor.width, cursor.height, cursor.hot_x, cursor.hot_y) == (32, 32, 16, 24)
    shape = np.frombuffer(cursor.argb, dtype=np.uint8).reshape(32, 32, 4)
    assert shape[0, :, 3].max() == 0 and shape[1, 14:20, 3].min() == 255
    assert tuple(shape[5, 20, 2::-1]) == (20 * 255 // 32, 25 * 255 // 64, 5 * 255 // 32)


@pytest.mark.parametrize("encoding", ENCODINGS, ids=lambda one: one.name.lower())
def test_a_screen_of_256_colours_by_a_map(start: Start, view: Callable[..., Viewer], encoding: Encoding) -> None:
    viewer = view(start("colourmaptest"), encoding)
    rows = np.arange(256)
    expected = np.zeros((256, 256, 3), dtype=np.uint8)
    expected[..., 0], expected[..., 2] = (255 - rows)[:, None], rows[:, None]
    expected[128] = (255, 0, 0)
    viewer.pump.until(lambda: bool((viewer.pixels() == expected).all()))


def test_a_screen_of_15_bits(start: Start, view: Callable[..., Viewer]) -> None:
    viewer = view(start("simple15"), Encoding.HEXTILE)
    column, row = np.meshgrid(np.arange(400), np.arange(300))
    # Its comments call the lowest five bits blue; the format that it announces, red.
    parts = np.stack([column * 32 // 400, (row + 400 - column) * 32 // 700, row * 32 // 300], axis=-1)
    # The server makes eight bits of five by value * 255 / 31, one more or less by its rounding.
    viewer.pump.until(lambda: int(np.abs(viewer.pixels().astype(int) - parts * 255 // 31).max()) <= 1)


def test_a_server_that_shuts_down_is_a_sentence(start: Start, view: Callable[..., Viewer]) -> None:
    viewer = view(start("example"), Encoding.RAW)
    press(viewer, "f12")
    viewer.pump.until(lambda: viewer.client.state is ClientState.CLOSED)
    assert viewer.client.error is not None and viewer.client.error.next_step
