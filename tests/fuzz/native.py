"""Fuzz of the decoders in C under the sanitizers: ``python -m tests.fuzz.native --minutes 10``.

With clang: libFuzzer, guided by coverage, from the corpus in tests/fuzz/corpus.  Without: the corpus is played, and mutations of it,
which are not guided.  What must hold is in native.c.  ``--seeds`` writes the honest sessions of the corpus anew; ``--merge``
keeps of what was found what covers more.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from app.console.vnc.protocol import Encoding
from tests.fuzz import encoders
from tests.fuzz.encoders import Picture, Stream
from tests.fuzz.servers import raw, rectangle, update

HERE = Path(__file__).parent
CORPUS = HERE / "corpus"
NATIVE = HERE.parents[1] / "app" / "console" / "vnc" / "native"
CHECKS = ("-g", "-O1", "-std=c11", "-fno-omit-frame-pointer", "-fno-sanitize-recover=all")
WIDTH, HEIGHT = 40, 36
"""As in native.c."""


def sources() -> list[str]:
    """What is compiled."""
    return [str(HERE / "native.c"), *sorted(map(str, NATIVE.glob("*.c"))), f"-I{NATIVE}"]


def build(target: Path, *, guided: bool = True, isal: bool = False) -> bool:
    """Compiles the fuzzer, with zlib or ISA-L; True if it is libFuzzer's, False if it only replays.  Raises CalledProcessError."""
    inflates = ("-DHOSTELRY_ISAL", "-lisal") if isal else ("-lz",)
    clang = shutil.which("clang") or next(iter(sorted(map(str, Path("/usr/bin").glob("clang-[0-9]*")))), None)
    if guided and clang is not None:
        command = [clang, *CHECKS, "-fsanitize=fuzzer,address,undefined", "-o", str(target), *sources(), *inflates]
        if subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode == 0:
            return True
    command = ["cc", *CHECKS, "-DREPLAY", "-fsanitize=address,undefined", "-o", str(target), *sources(), *inflates]
    subprocess.run(command, check=True)
    return False


def seeds() -> dict[str, bytes]:
    """Honest sessions; not compressed within zlib, so that a changed byte is a changed pixel and not a broken stream."""
    values = np.random.default_rng(3)
    few: Picture = values.choice(np.array([0, 0xFFFFFF, 0x3050A0]), size=(20, 35)).astype(np.uint32)
    few[:9] = 0x202020
    many: Picture = values.integers(0, 1 << 24, size=(9, 17), dtype=np.uint32)
    two: Picture = np.where(few & 1, 0xFFFFFF, 0).astype(np.uint32)
    made: dict[str, bytes] = {}

    def add(name: str, encoding: int, picture: Picture, data: bytes) -> None:
        made[name] = b"\x07" + update(rectangle(2, 3, picture.shape[1], picture.shape[0], encoding, data))

    for name, picture in (("few", few), ("many", many), ("two", two)):
        add(f"raw-{name}", Encoding.RAW, picture, encoders.as_raw(picture))
        add(f"hextile-{name}", Encoding.HEXTILE, picture, encoders.hextile(picture))
        for level in (0, 6):
            end = f"-{name}-{level}"
            add("zlib" + end, Encoding.ZLIB, picture, encoders.zlib_raw(picture, Stream(level)))
            add("copy" + end, Encoding.TIGHT, picture, encoders.tight_copy(picture, Stream(level)))
            add("gradient" + end, Encoding.TIGHT, picture, encoders.tight_gradient(picture, Stream(level)))
            add("palette" + end, Encoding.TIGHT, picture, encoders.tight_palette(picture, Stream(level)))
            for kind in ("raw", "packed", "runs", "palette runs"):
                add(f"zrle-{kind[:7]}" + end, Encoding.ZRLE, picture, encoders.zrle(picture, Stream(level), kind))
        for kind in ("raw", "packed", "runs", "palette runs"):
            add(f"trle-{kind[:7]}-{name}", Encoding.TRLE, picture, encoders.trle(picture, kind))
    stream = Stream(0)
    made["several"] = b"\x20" + update(
        raw(0, 0, WIDTH, 5, b"abcd"), rectangle(3, 4, 20, 10, Encoding.COPYRECT, b"\0\1\0\2"),
        rectangle(1, 1, 9, 9, Encoding.TIGHT, encoders.tight_fill(few)), rectangle(0, 0, 1, 1, Encoding.LAST_RECT),
        rectangle(0, 0, 5, 5, Encoding.TIGHT, encoders.tight_jpeg(b"nothing")),
        rectangle(0, 0, 17, 9, Encoding.ZLIB, encoders.zlib_raw(many, stream)),
    ) + update(rectangle(0, 0, 17, 9, Encoding.ZLIB, encoders.zlib_raw(many, stream)))  # fmt: skip
    return made


def corpus() -> list[Path]:
    """The files that are kept."""
    return sorted(path for path in CORPUS.iterdir() if path.suffix == ".bin")


def replay(program: Path, minutes: float, folder: Path) -> int:
    """Without guidance: the corpus, then mutations of it for as long as asked."""
    from tests.fuzz.vnc import mutated

    source, honest = random.Random(), [path.read_bytes() for path in corpus()]
    code = subprocess.run([str(program), *map(str, corpus())], check=False).returncode
    for _round in range(int(minutes * 60)):
        if code:
            break
        files = [folder / f"{n}.bin" for n in range(400)]
        for path in files:
            path.write_bytes(mutated(source.choice(honest), source))
        code = subprocess.run([str(program), *map(str, files)], stdout=subprocess.DEVNULL, check=False).returncode
    return code


def main() -> int:
    """The exit code of the fuzzer; what it found is left in the working folder as crash-*, with the stack printed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seeds", action="store_true")
    parser.add_argument("--merge", action="store_true")
    parser.add_argument("--isal", action="store_true", help="with ISA-L, into which the sanitizers do not see")
    options = parser.parse_args()
    if options.seeds:
        for name, data in seeds().items():
            (CORPUS / f"{name.replace(' ', '-')}.bin").write_bytes(data)
        return 0
    with tempfile.TemporaryDirectory(prefix="hostelry-fuzz-") as name:
        folder = Path(name)
        if not build(folder / "fuzz", isal=options.isal):
            return replay(folder / "fuzz", options.minutes, folder)
        found = folder / "found"
        found.mkdir()
        limits = [f"-max_total_time={int(options.minutes * 60)}", "-max_len=8192", "-timeout=20", "-rss_limit_mb=512", "-print_final_stats=1"]
        code = subprocess.run([str(folder / "fuzz"), *limits, str(found), str(CORPUS)], check=False).returncode
        if options.merge and not code:
            code = _merge(folder / "fuzz", found, folder / "merged")
        return code


def _merge(program: Path, found: Path, merged: Path) -> int:
    """Adds what covers more to the corpus."""
    merged.mkdir()
    code = subprocess.run([str(program), "-merge=1", str(merged), str(CORPUS), str(found)], check=False).returncode
    known = {path.read_bytes() for path in corpus()}
    for path in merged.iterdir():
        if path.read_bytes() not in known and path.stat().st_size < 2048:
            shutil.copyfile(path, CORPUS / f"found-{path.name[:12]}.bin")
    return code


if __name__ == "__main__":
    sys.exit(main())
