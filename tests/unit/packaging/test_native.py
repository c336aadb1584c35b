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
@pytest.mark.parametrize("way", native.DECODERS.ways)
def test_each_way_makes_a_library_that_loads(tmp_path: Path, way: tuple[str, ...]) -> None:
    why = native.compile_library(["cc"], native.DECODERS, tmp_path / "decoders.so", [way])
    if why is not None:
        assert "igzip_lib.h" in why or "zlib.h" in why, why
        pytest.skip(f"the headers for {way} are not installed")
    assert ctypes.CDLL(str(tmp_path / "decoders.so")).hl_abi() == 1


@needs_compiler
@pytest.mark.parametrize("library", [native.DECODERS, native.STRIPS], ids=lambda library: library.name)
def test_nothing_warns(tmp_path: Path, library: native.Library) -> None:
    assert native.compile_library(["cc", "-Werror"], library, tmp_path / library.name) is None


@needs_compiler
def test_the_function_for_spice_loads(tmp_path: Path) -> None:
    assert native.compile_library(["cc"], native.STRIPS, tmp_path / "strips.so") is None
    assert ctypes.CDLL(str(tmp_path / "strips.so")).hl_strips_abi() == 1


@pytest.mark.parametrize("compiler", [["false"], ["/nowhere/cc"]])
def test_a_compiler_that_fails_leaves_nothing(tmp_path: Path, compiler: list[str]) -> None:
    assert native.compile_library(compiler, native.DECODERS, tmp_path / "decoders.so") is not None
    assert list(tmp_path.iterdir()) == []


def test_a_newer_source_makes_the_library_stale(tmp_path: Path) -> None:
    source, made = tmp_path / "a.c", native.Library(tmp_path, "decoders.so", ((),), "")
    source.write_text("")
    assert made.stale()
    made.path.write_text("")
    os.utime(source, (1, 1))
    assert not made.stale()
    os.utime(source)
    os.utime(made.path, (1, 1))
    assert made.stale()


def test_without_a_compiler_it_is_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    for name in ("DECODERS", "STRIPS"):
        monkeypatch.setattr(native, name, native.Library(tmp_path, "none.so", ((),), f"no {name}"))
    native.bring_up_to_date()
    said = capsys.readouterr().err
    assert all(word in said for word in ("gcc", "no DECODERS", "no STRIPS"))
    native.bring_up_to_date(first=False)
    assert not capsys.readouterr().err
