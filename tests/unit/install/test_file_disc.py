"""Files on a disc: their names in each directory, their contents, and every way it can end early."""

from __future__ import annotations

import asyncio
import io
import os
from pathlib import Path
from typing import Any

import pytest
from pycdlib import PyCdlib

from app.errors import Invalid, NoSpace
from app.install import file_disc
from app.install.file_survey import MOST_FILES, look_now


def make(tmp_path: Path, *names: str) -> Path:
    """A folder with files, whose content is their name."""
    folder = tmp_path / "files"
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return folder


def written(tmp_path: Path, *paths: Path) -> Path:
    disc = tmp_path / "out.iso"
    file_disc.write_now(look_now(paths), disc, lambda _done, _total: None)
    return disc


def names_on(disc: Path, kind: str) -> dict[str, bytes]:
    """Every file by its path in one of the directories, with its content."""
    iso = PyCdlib()
    iso.open(str(disc))
    found: dict[str, bytes] = {}
    folders = ["/"]
    for folder in folders:
        for child in iso.list_children(**{f"{kind}_path": folder}):
            name = name_of(child, kind)
            path = f"{folder.rstrip('/')}/{name}"
            if child is None or name in ("", ".", ".."):
                continue
            if child.is_dir():
                folders.append(path)
            else:
                data = io.BytesIO()
                iso.get_file_from_iso_fp(data, **{f"{kind}_path": path})
                found[path] = data.getvalue()
    iso.close()
    return found


def name_of(child: Any, kind: str) -> str:
    """pycdlib gives names as bytes, of which each directory has its own kind."""
    if child is None or (kind != "udf" and (child.is_dot() or child.is_dotdot())) or (kind == "udf" and child.parent is None):
        return ""
    if kind == "rr":
        return str(child.rock_ridge.name().decode())
    return str(child.file_identifier().decode("utf-16_be" if kind == "joliet" else child.file_ident.encoding))


@pytest.mark.parametrize("kind", ["rr", "joliet", "udf"])
def test_names_and_contents_are_the_same_for_every_system(tmp_path: Path, kind: str) -> None:
    folder = make(tmp_path, "read me.txt", "Привет/мир.txt", "a/b/c/d/e/f/g/h/i/deep.txt", "empty/x")
    found = names_on(written(tmp_path, folder), kind)
    assert found["/files/read me.txt"] == b"read me.txt"
    assert found["/files/Привет/мир.txt"].decode() == "Привет/мир.txt"
    assert found["/files/a/b/c/d/e/f/g/h/i/deep.txt"] == b"a/b/c/d/e/f/g/h/i/deep.txt"


@pytest.mark.parametrize("kind", ["joliet", "udf"])
def test_names_that_windows_refuses_are_made_fit_and_stay_apart(tmp_path: Path, kind: str) -> None:
    folder = make(tmp_path, "what?.txt", "what*.txt", "Readme", "README", "n" * 200 + "1.txt", "n" * 200 + "2.txt")
    found = names_on(written(tmp_path, folder), kind)
    assert len({path.casefold() for path in found}) == 6
    assert {"/files/what_.txt", "/files/what_~2.txt"} <= set(found)
    assert all(path.endswith(".txt") for path in found if "nnn" in path)


def test_two_folders_of_one_name_stay_apart(tmp_path: Path) -> None:
    one, two = make(tmp_path / "1", "x"), make(tmp_path / "2", "x")
    assert set(names_on(written(tmp_path, one, two), "udf")) == {"/files/x", "/files~2/x"}


def test_what_is_no_file_is_left_out_and_named(tmp_path: Path) -> None:
    folder = make(tmp_path, "good")
    os.mkfifo(folder / "pipe")
    (folder / "loop").symlink_to(folder)
    load = look_now([folder, tmp_path / "gone"])
    assert [entry.path.name for entry in load.files] == ["good"]
    assert sorted(Path(path).name for path in load.skipped) == ["gone", "loop", "pipe"]


def test_counting_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.install.file_survey.MOST_FILES", 3)
    assert look_now([make(tmp_path, *"abcdef")]).too_many
    assert MOST_FILES > 1000


def test_a_disc_image_is_known_by_its_content(tmp_path: Path) -> None:
    disc = written(tmp_path, make(tmp_path, "x"))
    assert look_now([disc]).image
    assert not look_now([disc, disc]).image
    hard_disk = tmp_path / "disk.img"
    hard_disk.write_bytes(bytes(100_000))
    assert not look_now([hard_disk]).image


def test_a_stop_leaves_no_file(tmp_path: Path) -> None:
    folder, disc = make(tmp_path, "x"), tmp_path / "out.iso"
    (folder / "large").write_bytes(bytes(64 << 20))

    async def main() -> None:
        begun = asyncio.Event()
        writing = asyncio.ensure_future(file_disc.write(look_now([folder]), disc, lambda _done, _total: begun.set()))
        await begun.wait()
        writing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writing

    asyncio.run(main())
    assert not disc.exists()


def test_a_file_that_grows_meanwhile_is_no_silent_loss(tmp_path: Path) -> None:
    folder, disc = make(tmp_path, "log"), tmp_path / "out.iso"
    load = look_now([folder])
    (folder / "log").write_text("longer than before")
    with pytest.raises(Invalid, match="changed"):
        file_disc.write_now(load, disc, lambda _done, _total: None)
    assert not disc.exists()


def test_no_room_here_is_said(tmp_path: Path) -> None:
    with pytest.raises(NoSpace) as caught:
        raise file_disc._explain(OSError(28, "No space left on device"))
    assert "room" in caught.value.why


def test_only_the_owner_reads_the_disc(tmp_path: Path) -> None:
    assert written(tmp_path, make(tmp_path, "x")).stat().st_mode & 0o777 == 0o600
