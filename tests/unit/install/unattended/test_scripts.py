"""The scripts of libosinfo's real database, with answers; secrets hashed, hidden and escaped."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from lxml import etree
from passlib.hash import sha512_crypt

from app.errors import NotFound
from app.install import osinfo
from app.install.unattended.answers import Answers, asked, findings
from app.install.unattended.offer import Method, Offer, offers
from app.install.unattended.script import Script, generate
from app.install.unattended.secret_text import DOTS, Secret, filled, hashed

pytestmark = pytest.mark.skipif(bool(osinfo.missing()), reason="libosinfo or its database is not installed")

ANSWERS = Answers("anna", "Anna A", "it's 1 & <2>", "r00t'\"x", "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE", "web", "de_DE", "de", "Europe/Berlin")
PLAIN = Answers("anna", "Anna", "geheim1", "geheim2", "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE", "web", "de_DE", "de", "Europe/Berlin")


def offer(short_id: str, profile: str) -> tuple[str, Offer]:
    system = osinfo.by_short_id(short_id)
    assert system is not None
    return system.name.id, next(entry for entry in offers(system.name.id) if entry.profile == profile)


def made(short_id: str, profile: str, answers: Answers = ANSWERS, method: Method | None = None) -> Script:
    os_id, entry = offer(short_id, profile)
    return generate(os_id, entry, answers, method)


def hashes(text: str) -> list[str]:
    return re.findall(r"\$6\$[\w./]+\$[\w./]+", text)


LINUX = [("debian11", "desktop"), ("debian11", "jeos"), ("ubuntu20.04", "jeos"), ("rhel9.0", "jeos"), ("rhel8.0", "desktop"),
         ("fedora36", "jeos"), ("opensuse15.4", "desktop"), ("opensuse15.4", "jeos")]  # fmt: skip


@pytest.mark.parametrize(("system", "profile"), LINUX)
def test_no_password_of_a_linux_is_to_be_read(system: str, profile: str) -> None:
    script = made(system, profile, method=Method.INITRD)
    text = "\n".join(data.decode() for data in script.files().values())
    found = hashes(text)
    assert found and not script.open_secrets(), text
    assert all(sha512_crypt.verify(ANSWERS.password, each) or sha512_crypt.verify(ANSWERS.admin_password, each) for each in found)
    assert ANSWERS.password not in text and ANSWERS.admin_password not in text
    assert "0Mark" not in text and "anna" in text


def test_each_account_gets_its_own_password() -> None:
    text = made("debian11", "desktop").files()["preseed.cfg"].decode()
    user = re.search(r"^d-i passwd/user-password-crypted password (\S+)$", text, re.M)
    assert user and sha512_crypt.verify(ANSWERS.password, user[1])
    root = re.search(r"^d-i passwd/root-password-crypted password (\S+)$", text, re.M)
    assert root and sha512_crypt.verify(ANSWERS.admin_password, root[1])
    assert "password-again" not in text


def test_autoyast_stays_xml_and_says_that_it_is_hashed() -> None:
    text = made("opensuse15.4", "desktop").files()["autoinst.xml"]
    spaces = {"y": "http://www.suse.com/1.0/yast2ns"}
    users = etree.fromstring(text).findall(".//y:user", spaces)
    found = {user.findtext("y:username", "", spaces): user for user in users}
    for name, password in (("root", ANSWERS.admin_password), ("anna", ANSWERS.password)):
        assert sha512_crypt.verify(password, found[name].findtext("y:user_password", "", spaces).strip())
        assert found[name].findtext("y:encrypted", "", spaces) == "true"


def test_what_is_shown_has_dots_for_secrets() -> None:
    script = made("win10", "desktop", PLAIN)
    text = "\n".join(script.shown().values())
    assert DOTS in text and "geheim" not in text and PLAIN.product_key not in text and "0Mark" not in text
    assert "geheim" not in repr(script) + repr(PLAIN) and "AAAAA" not in repr(script) + repr(PLAIN)
    assert script.open_secrets()


def test_windows_gets_its_files_with_the_answers_as_they_are() -> None:
    script = made("win10", "desktop", PLAIN)
    files = script.files()
    assert set(files) == {"autounattend.xml", "windows.cmd"} and script.command_line == ""
    document = etree.fromstring(files["autounattend.xml"])
    values = {element.text for element in document.iter("{*}Value")}
    assert values == {"geheim1", "geheim2"} and "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE" in files["autounattend.xml"].decode()
    assert b"\r\n" in files["windows.cmd"] and b"\r\r" not in files["windows.cmd"]


def test_the_kernel_is_told_where_the_answers_are() -> None:
    assert made("rhel9.0", "jeos", method=Method.INITRD).command_line == "inst.ks=file:/rhel.ks"
    assert made("debian11", "jeos", method=Method.INITRD).command_line.startswith("keyboard-configuration/xkb-keymap=de")


def test_old_windows_takes_a_floppy_only() -> None:
    assert offer("winxp", "desktop")[1].methods == (Method.FLOPPY,)
    assert set(made("winxp", "desktop", PLAIN).files()) == {"winnt.sif", "windows.reg", "windows.cmd"}


def test_systems_without_scripts_offer_none() -> None:
    assert offers("http://freebsd.org/freebsd/13.0") == () == offers("") == offers("nonsense")
    with pytest.raises(NotFound):
        generate("http://debian.org/debian/11", Offer("jeos", ("http://no.where/x",), methods=(Method.INITRD,)), ANSWERS)


def test_every_system_with_scripts_yields_them_all() -> None:
    """Whatever the database holds: nothing raises, no mark stays, no Linux keeps an open password.

    Of each family of scripts the newest system and every seventh after it."""
    done, seen = 0, Counter[tuple[str, ...]]()
    for name in osinfo.names():
        for entry in offers(name.id):
            seen[entry.scripts] += 1
            if seen[entry.scripts] % 7 != 1:
                continue
            script = generate(name.id, entry, PLAIN)
            text = b"\n".join(script.files().values())
            assert b"0Mark" not in text and len(text) > 100, name.short_id
            assert entry.windows or not script.open_secrets(), name.short_id
            done += 1
    assert done > 20


@pytest.mark.parametrize(
    ("answers", "profile", "field"),
    [
        (Answers(), "debian11/desktop", "user"),
        (Answers(user="Anna", password="x", admin_password="y"), "debian11/desktop", "user"),
        (Answers(user="a", password="x\ny", admin_password="y"), "debian11/desktop", "password"),
        (Answers(user="a", password="x", admin_password="y", hostname="a_b"), "debian11/desktop", "hostname"),
        (Answers(user="a", password="x", admin_password="y", real_name="a'; rm -rf"), "debian11/desktop", "real_name"),
        (Answers(user="a", password="x", admin_password="y", timezone="x\nd-i y"), "debian11/desktop", "timezone"),
        (Answers(hostname="a", password="a b"), "win10/desktop", "password"),
        (Answers(hostname="a", product_key="AAAAA"), "win10/desktop", "product_key"),
        (Answers(hostname="a-name-of-twenty-one"), "win10/desktop", "hostname"),
    ],
)
def test_answers_that_would_stop_or_fool_the_installer_are_found(answers: Answers, profile: str, field: str) -> None:
    entry = offer(*profile.split("/"))[1]
    assert field in [found.field for found in findings(answers, entry) if found.blocks]


def test_good_answers_pass_and_the_form_asks_what_is_wanted() -> None:
    entry = offer("debian11", "desktop")[1]
    assert findings(ANSWERS, entry) == []
    assert "product_key" not in asked(entry) and {"user", "password", "language"} <= set(asked(entry))
    assert "product_key" in asked(offer("win10", "desktop")[1])


def test_a_kickstarts_words_are_replaced_whole() -> None:
    secret = Secret("admin-password", "x'y")
    text = f"rootpw '{secret.mark}'\nif test -z '{secret.mark}'; then\necho '{secret.mark}' |passwd --stdin root\n"
    lines = hashed(text, (secret,)).splitlines()
    assert re.fullmatch(r"rootpw --iscrypted '\$6\$[^']+'", lines[0])
    assert lines[1] == "if test -z 'set'; then" and re.fullmatch(r"echo 'root:\$6\$[^']+' \| chpasswd -e", lines[2])
    assert filled(f"<?xml version='1.0'?><a>{secret.mark}</a>", (Secret("admin-password", "<&"),)).endswith("<a>&lt;&amp;</a>")
