"""Texts from people, guests and servers: whatever they hold, they are read or refused, and nothing else happens."""

from __future__ import annotations

import contextlib
from urllib.parse import urlsplit

from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.errors import Invalid
from app.install import digest, web
from app.install.catalogue import checksums
from app.install.profile.profile import Edit, Profile, apply
from app.install.seed import check, keys, raw_check, removal
from app.install.seed.documents import documents
from app.install.seed.form import Form, Network, Raw, Static, User
from app.install.tree import treeinfo
from app.xmldoc import Document

TEXT = st.text(max_size=200)
YAMLISH = st.text(st.sampled_from("ab:-[]{}#&*!|>'\"%@`,? \n\t\\x0<"), max_size=120)


@settings(max_examples=300, deadline=None)
@given(st.one_of(TEXT, YAMLISH))
@example("a: !!python/object/apply:os.system [x]")
@example("? [a]\n: b\n? [a]\n: c")
@example("users: [{[a]: b}]")
@example("users: [{? {a: b} : c}]")
@example("\ud800")
def test_documents_of_people_are_judged(text: str) -> None:
    for raw in (Raw(user_data="#cloud-config\n" + text), Raw(user_data=text), Raw(meta_data=text), Raw(network_config=text)):
        for finding in raw_check.findings(raw):
            assert finding.text and finding.line >= 0 and finding.column >= 0


@settings(max_examples=200, deadline=None)
@given(TEXT, TEXT, TEXT, TEXT)
def test_a_form_that_passes_can_be_written(name: str, user: str, address: str, command: str) -> None:
    form = Form(hostname=name, users=(User(user),), network=Network((Static(address),)) if address else Network(), commands=(command,))
    if not check.blocking(form):
        made = documents(form, instance="x", mac="52:54:00:00:00:01")
        assert all(made.files().values()) and not [each for each in raw_check.user_data(made.user_data) if each.blocks]


@settings(max_examples=300, deadline=None)
@given(TEXT)
def test_other_texts_are_read_or_refused(text: str) -> None:
    assert keys.parse(text) is None
    treeinfo.parse(text)
    digest.parse(text, "a.iso", alone=True)
    removal.parse_result(text.encode("utf-8", "surrogatepass"))
    Edit(text, "x").problem()
    list(checksums.places(f"http://a/{text}"))


@settings(max_examples=400, deadline=None)
@given(st.one_of(TEXT, st.builds("http://{}/{}".format, TEXT, TEXT), st.builds("ftp://h:{}/".format, TEXT)))
@example("http://a\u2100b/")
@example("http://\u3002/")
def test_addresses_that_pass_are_plain_ones(text: str) -> None:
    with contextlib.suppress(Invalid):
        made = web.checked(text)
        assert made.isascii() and urlsplit(made).scheme in web.SCHEMES and web.checked(made) == made
        assert not any(char.isspace() or ord(char) < 32 for char in made)


@settings(max_examples=200, deadline=None)
@given(st.one_of(TEXT, st.sampled_from(["vcpu", "memory", "devices/video/model/@type"])), st.one_of(st.none(), TEXT))
def test_a_profile_of_somebody_else_never_breaks_off(path: str, value: str | None) -> None:
    document = Document.parse("<domain type='kvm'><vcpu>1</vcpu><cpu><topology sockets='1'/></cpu></domain>")
    with contextlib.suppress(Invalid):
        apply(Profile("p", "p", edits=(Edit(path, value),)), document)
