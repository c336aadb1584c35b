"""Mistakes in the form and in documents are found, at their place."""

from __future__ import annotations

import pytest

from app.install.seed.check import blocking, findings
from app.install.seed.form import Form, Network, Raw, Static, Sudo, User
from tests.unit.install.seed.test_documents import KEY


def fields(form: Form) -> list[str]:
    return [entry.field for entry in blocking(form)]


def test_a_sensible_form_has_no_findings() -> None:
    form = Form(
        hostname="web-1.example.org",
        users=(User("anna", keys=(KEY,)),),
        packages=("vim", "libc6:amd64", "@development-tools"),
        timezone="Europe/Berlin",
        locale="de_DE.UTF-8",
        keyboard="de",
        network=Network((Static("192.0.2.5/24", "192.0.2.1"),), ("192.0.2.1",)),
        commands=("echo hello",),
    )
    assert findings(form) == []


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (Form(hostname="-web"), "hostname"),
        (Form(hostname="a..b"), "hostname"),
        (Form(hostname="под_черк"), "hostname"),
        (Form(users=(User("Anna"),)), "users"),
        (Form(users=(User("a"), User("a"))), "users"),
        (Form(users=(User("a", "x:y"),)), "users"),
        (Form(users=(User("a", hashed_password="secret"),)), "users"),
        (Form(users=(User("a", keys=("ssh-ed25519 AAAA",)),)), "keys"),
        (Form(users=(User("a", keys=("-----BEGIN OPENSSH PRIVATE KEY-----",)),)), "keys"),
        (Form(users=(User("a", keys=(KEY + "\nssh-rsa x",)),)), "keys"),
        (Form(packages=("vim; rm",)), "packages"),
        (Form(commands=("",)), "commands"),
        (Form(timezone="not a zone"), "timezone"),
        (Form(locale="german please"), "locale"),
        (Form(keyboard="de; x"), "keyboard"),
        (Form(network=Network((Static("192.0.2.5"),))), "network"),
        (Form(network=Network((Static("192.0.2.0/24"),))), "network"),
        (Form(network=Network((Static("x/24"),))), "network"),
        (Form(network=Network((Static("192.0.2.5/24", "fe80::1"),))), "network"),
        (Form(network=Network((Static("192.0.2.5/24", "gate"),))), "network"),
        (Form(network=Network((Static("192.0.2.5/24"),), ("dns",))), "network"),
    ],
)
def test_each_mistake_is_found_at_its_field(form: Form, field: str) -> None:
    assert field in fields(form)


def test_what_is_odd_is_said_without_being_in_the_way() -> None:
    nobody = findings(Form())
    assert [(entry.field, entry.blocks) for entry in nobody] == [("users", False)]
    form = Form(users=(User("a", keys=(KEY,), sudo=Sudo.WITH_PASSWORD),), network=Network((Static("192.0.2.5/24", "198.51.100.1"),)))
    assert [entry.field for entry in findings(form)] == ["users", "network", "network"] and not blocking(form)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("#cloud-config\nusers:\n  - name: a\n   sudo: x\n", 4, 4),
        ("#cloud-config\nruncmd:\n\t- ls\n", 3, 1),
        ("#cloud-config\nhostname: [a\n", 3, 1),
        ("#cloud-config\nruncmd: ls\n", 2, 9),
        ("#cloud-config\nhostname: no\n", 2, 11),
        ("#cloud-config\n- a\n", 2, 1),
        ("#cloud-config\na: \x01\n", 2, 4),
        ("hostname: a\n", 1, 1),
    ],
)
def test_a_broken_document_is_told_with_its_place(text: str, line: int, column: int) -> None:
    found = blocking(Form(raw=Raw(user_data=text)))
    assert [(entry.field, entry.line, entry.column) for entry in found] == [("user-data", line, column)]
    assert str(line) in found[0].text or line == 1


@pytest.mark.parametrize(
    "text",
    [
        "#cloud-config\npackages: [vim]\nruncmd:\n  - [ls, -l]\nlocale: false\n",
        "#!/bin/sh\n\tls\n",
        "#include\nhttp://example.org/x\n",
        'Content-Type: multipart/mixed; boundary="x"\n',
        "## template: jinja\n#cloud-config\n{% if a %}\n",
    ],
)
def test_every_kind_of_user_data_passes(text: str) -> None:
    assert findings(Form(raw=Raw(user_data=text))) == []


def test_slips_of_the_pen_are_pointed_at() -> None:
    text = "#cloud-config\npakages: [vim]\nhostname: a\nhostname: b\nusers:\n- {name: a, plain_text_passwd: x}\nmy_module: 1\n"
    found = findings(Form(raw=Raw(user_data=text)))
    assert [(entry.line, entry.blocks) for entry in found] == [(4, False), (2, False), (6, False)]
    assert "packages" in found[1].text


def test_the_other_documents_are_looked_at_too() -> None:
    raw = Raw(meta_data="local-hostname: x", network_config="ethernets: {}")
    assert [(entry.field, entry.blocks) for entry in findings(Form(raw=raw))][1:] == [("meta-data", False), ("network-config", True)]
    fine = Raw(meta_data="instance-id: x", network_config="network:\n  version: 2\n  ethernets: {}")
    assert blocking(Form(raw=fine)) == []


def test_hostile_nesting_and_references_do_no_harm() -> None:
    assert [entry.field for entry in blocking(Form(raw=Raw(user_data="#cloud-config\n" + "[" * 20000)))] == ["user-data"]
    bomb = "#cloud-config\na: &a [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1 if n else ''}, *a{n - 1 if n else ''}]\n" for n in range(60))
    findings(Form(raw=Raw(user_data=bomb.replace("*a-1", "*a"))))
    findings(Form(raw=Raw(user_data="#cloud-config\na: &a [*a]\n")))
