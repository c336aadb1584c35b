"""The decoders in C are compiled by set-up, or it is said why not."""

from __future__ import annotations

import ctypes
import os
import shutil
from pathlib import Path

import pytest
from prepare import native

needs_compiler = pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler here")


@needs_compiler
@pytest.mark.parametrize("way", native.WAYS)
def test_each_way_makes_a_library_that_loads(tmp_path: Path, way: tuple[str, ...]) -> None:
    why = native.compile_library(["cc"], tmp_path / "decoders.so", [way])
    if why is not None:
        assert "igzip_lib.h" in why or "zlib.h" in why, why
        pytest.skip(f"the headers for {way} are not installed")
    assert ctypes.CDLL(str(tmp_path / "decoders.so")).hl_abi() == 1


@needs_compiler
def test_nothing_warns(tmp_path: Path) -> None:
    assert native.compile_library(["cc", "-Werror"], tmp_path / "decoders.so") is None


@pytest.mark.parametrize("compiler", [["false"], ["/nowhere/cc"]])
def test_a_compiler_that_fails_leaves_nothing(tmp_path: Path, compiler: list[str]) -> None:
    assert native.compile_library(compiler, tmp_path / "decoders.so") is not None
    assert list(tmp_path.iterdir()) == []


def test_a_newer_source_makes_the_library_stale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, library = tmp_path / "a.c", tmp_path / "decoders.so"
    source.write_text("")
    monkeypatch.setattr(native, "FOLDER", tmp_path)
    monkeypatch.setattr(native, "LIBRARY", library)
    assert native.stale()
    library.write_text("")
    os.utime(source, (1, 1))
    assert not native.stale()
    os.utime(source)
    os.utime(library, (1, 1))
    assert native.stale()


def test_without_a_compiler_it_is_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(native, "stale", lambda: True)
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    monkeypatch.setattr(native, "LIBRARY", tmp_path / "none.so")
    native.bring_up_to_date()
    assert "gcc" in capsys.readouterr().err
    native.bring_up_to_date(first=False)
    assert not capsys.readouterr().err
