"""Addresses are made from fields and taken apart again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.virt import uris
from app.virt.uris import Field


@pytest.mark.parametrize(
    ("kind", "values", "uri"),
    [
        ("system", {}, "qemu:///system"),
        ("session", {}, "qemu:///session"),
        ("practice", {}, "test:///default"),
        ("ssh", {Field.HOST: "lab1"}, "qemu+ssh://lab1/system"),
        ("ssh", {Field.HOST: "lab1", Field.USER: "root", Field.PORT: "2222"}, "qemu+ssh://root@lab1:2222/system"),
        ("ssh", {Field.HOST: "lab1", Field.KEYFILE: "/home/me/a key"}, "qemu+ssh://lab1/system?keyfile=/home/me/a%20key"),
        ("ssh", {Field.HOST: "lab1", Field.USER: "me@corp"}, "qemu+ssh://me%40corp@lab1/system"),
        ("tls", {Field.HOST: "2001:db8::1"}, "qemu+tls://[2001:db8::1]/system"),
        ("tls", {Field.HOST: "[2001:db8::1]", Field.PORT: "16514"}, "qemu+tls://[2001:db8::1]:16514/system"),
        ("tcp", {Field.HOST: "10.0.0.1"}, "qemu+tcp://10.0.0.1/system"),
        ("unix", {Field.SOCKET: "/run/x/sock"}, "qemu+unix:///system?socket=/run/x/sock"),
        ("test-file", {Field.PATH: "/home/me/my host.xml"}, "test:///home/me/my%20host.xml"),
        ("custom", {Field.URI: "vbox:///session"}, "vbox:///session"),
    ],
)
def test_there_and_back(kind: str, values: dict[Field, str], uri: str) -> None:
    row = uris.kind(kind)
    assert uris.problem(row, values) == ""
    assert uris.make(row, values) == uri
    parts = uris.parse(uri)
    assert parts.kind.id == kind
    assert uris.make(parts.kind, parts.values) == uri


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("ssh", {}),
        ("ssh", {Field.HOST: "a b"}),
        ("ssh", {Field.HOST: "lab/system"}),
        ("ssh", {Field.HOST: "lab", Field.PORT: "ssh"}),
        ("ssh", {Field.HOST: "lab", Field.PORT: "70000"}),
        ("custom", {Field.URI: "lab1"}),
        ("unix", {Field.SOCKET: "  "}),
    ],
)
def test_what_is_wrong_is_said(kind: str, values: dict[Field, str]) -> None:
    assert uris.problem(uris.kind(kind), values).endswith(".")


@pytest.mark.parametrize(
    "uri", ["qemu+ssh://lab1/system?keyfile=/k&no_verify=1", "esx://vc/dc/host", "qemu+tls://[::1/system", ":::"]
)
def test_what_no_row_makes_stays_as_it_is(uri: str) -> None:
    parts = uris.parse(uri)
    assert parts.kind.id == "custom"
    assert uris.make(parts.kind, parts.values) == uri


@given(st.text(min_size=1, max_size=20), st.text(max_size=10))
def test_any_host_and_user_come_back(host: str, user: str) -> None:
    values = {Field.HOST: host.strip(), Field.USER: user.strip()}
    row = uris.kind("ssh")
    if uris.problem(row, values):
        return
    uri = uris.make(row, values)
    parts = uris.parse(uri)
    assert uris.make(parts.kind, parts.values) == uri


def test_where_a_host_is() -> None:
    assert uris.is_local("qemu:///system")
    assert uris.is_local("qemu+unix:///system?socket=/x")
    assert not uris.is_local("qemu+ssh://root@lab1/system")
    assert uris.suggested_label("qemu+ssh://root@lab1/system") == "root@lab1"
    assert uris.suggested_label("qemu:///system") == "This computer"
    assert len({row.id for row in uris.KINDS}) == len(uris.KINDS)
