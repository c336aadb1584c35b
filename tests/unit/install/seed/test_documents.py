"""The documents for cloud-init: what the form makes of them."""

from __future__ import annotations

import io
import stat
from pathlib import Path
from typing import Any

import pytest
import yaml
from pycdlib import PyCdlib

from app.errors import Exists, Invalid
from app.install.seed import disc, passwords, presets
from app.install.seed.documents import AGENT_PACKAGE, documents
from app.install.seed.form import Form, Network, Raw, Static, Sudo, User

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJqYx1PzV6GJ8pLw0J4R9mZr5yQhW3zqG4i2m3h8b9Xc me@here"


def cloud_config(form: Form) -> Any:
    made = documents(form, instance="u")
    assert made.user_data.startswith("#cloud-config\n")
    return yaml.safe_load(made.user_data)


def test_a_user_with_password_and_key_may_log_in_and_become_root() -> None:
    user = User("anna", "Anna A.", (KEY,), Sudo.WITH_PASSWORD, "$6$salt$hash", ("video",))
    told = cloud_config(Form(hostname="web1.example.org", users=(user,), ssh_password=True))
    assert told["hostname"] == "web1" and told["fqdn"] == "web1.example.org"
    assert told["users"] == [
        {
            "name": "anna",
            "gecos": "Anna A.",
            "shell": "/bin/bash",
            "groups": ["video"],
            "sudo": "ALL=(ALL) ALL",
            "lock_passwd": False,
            "passwd": "$6$salt$hash",
            "ssh_authorized_keys": [KEY],
        }
    ]
    assert told["ssh_pwauth"] is True


def test_root_is_there_already_and_needs_other_words() -> None:
    told = cloud_config(Form(users=(User("root", hashed_password="$6$a$b"),)))
    assert told["users"] == [{"name": "root", "lock_passwd": False, "hashed_passwd": "$6$a$b"}]
    assert told["disable_root"] is False


def test_the_images_own_user_stays_beside_others_only_if_asked() -> None:
    assert cloud_config(Form(users=(User("a"),), default_user=True, default_user_keys=(KEY,)))["users"][0] == "default"
    assert [user["name"] for user in cloud_config(Form(users=(User("a"),)))["users"]] == ["a"]
    assert "shell" not in cloud_config(Form(users=(User("a", shell=""),)))["users"][0]
    assert "users" not in cloud_config(Form())


def test_the_agent_is_installed_first_and_once() -> None:
    told = cloud_config(Form(packages=("vim", AGENT_PACKAGE), commands=("echo 'a: b' > /x",)))
    assert told["packages"] == [AGENT_PACKAGE, "vim"]
    assert told["package_update"] is True and told["runcmd"][-1] == "echo 'a: b' > /x"
    assert "packages" not in cloud_config(Form(guest_agent=False)) and "runcmd" not in cloud_config(Form(guest_agent=False))


def test_texts_that_look_like_other_values_stay_texts() -> None:
    told = cloud_config(Form(hostname="no", users=(User("on", "12"),), commands=("true", "1")))
    assert told["hostname"] == "no" and told["users"][0]["gecos"] == "12" and told["runcmd"][-2:] == ["true", "1"]


def test_dhcp_needs_no_words_and_fixed_addresses_find_the_card_by_its_address() -> None:
    assert documents(Form(), instance="u").network_config == ""
    network = Network((Static("192.0.2.5/24", "192.0.2.1"), Static("2001:db8::5/64", "fe80::1")), ("192.0.2.1",), ("example.org",))
    form = Form(network=network)
    told = yaml.safe_load(documents(form, instance="u", mac="52:54:00:AA:BB:CC").network_config)
    card = told["config"][0]
    assert told["version"] == 1 and card["mac_address"] == "52:54:00:aa:bb:cc" and card["name"] == "eth0"
    assert card["subnets"] == [
        {
            "type": "static",
            "address": "192.0.2.5/24",
            "gateway": "192.0.2.1",
            "dns_nameservers": ["192.0.2.1"],
            "dns_search": ["example.org"],
        },
        {"type": "static", "address": "2001:db8::5/64", "gateway": "fe80::1"},
    ]
    glob = yaml.safe_load(documents(form, instance="u").network_config)["ethernets"]["eth0"]
    assert glob["match"] == {"name": "e*"} and glob["addresses"] == ["192.0.2.5/24", "2001:db8::5/64"]
    assert glob["routes"] == [{"to": "0.0.0.0/0", "via": "192.0.2.1"}, {"to": "::/0", "via": "fe80::1"}]
    assert glob["nameservers"] == {"addresses": ["192.0.2.1"], "search": ["example.org"]}


def test_the_users_own_words_take_the_place_of_the_forms() -> None:
    made = documents(Form(hostname="x", raw=Raw(user_data="\ufeff#!/bin/sh\r\necho")), instance="7")
    assert made.user_data == "#!/bin/sh\necho\n"
    assert yaml.safe_load(made.meta_data) == {"instance-id": "iid-7", "local-hostname": "x"}


def test_a_preset_adds_and_can_be_taken_back() -> None:
    form = Form(users=(User("a", groups=("wheel",)),), packages=("vim",))
    docker = presets.preset("docker")
    assert docker.applied(form).users[0].groups == ("wheel", "docker")
    assert docker.removed(docker.applied(form)) == form
    assert len({entry.id for entry in presets.PRESETS}) == len(presets.PRESETS)


def test_a_password_is_hashed_with_a_salt_of_its_own() -> None:
    from passlib.hash import sha512_crypt

    first, second = passwords.hashed("grün ist's"), passwords.hashed("grün ist's")
    assert first.startswith("$6$") and first != second and "rounds=" not in first
    assert sha512_crypt.verify("grün ist's", first) and not sha512_crypt.verify("grun ist's", first)
    assert first not in repr(User("a", hashed_password=first))
    assert passwords.hashed(passwords.generated()).startswith("$6$")


@pytest.mark.parametrize("password", ["", "a\nb", "x" * 300])
def test_what_cannot_be_typed_is_no_password(password: str) -> None:
    with pytest.raises(Invalid):
        passwords.hashed(password)


def test_the_disc_is_private_and_holds_the_documents(tmp_path: Path) -> None:
    made = documents(Form(hostname="x", network=Network((Static("192.0.2.5/24"),))), instance="u")
    path = disc.new_path(tmp_path / "seeds")
    disc.write_now(made, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    iso = PyCdlib()
    iso.open(str(path))
    assert iso.pvd.volume_identifier.decode().strip() == "cidata"
    for kind in ("rr", "joliet"):
        for name, content in made.files().items():
            data = io.BytesIO()
            iso.get_file_from_iso_fp(data, **{f"{kind}_path": f"/{name}"})
            assert data.getvalue() == content
    iso.close()


def test_no_file_is_overwritten_by_a_disc(tmp_path: Path) -> None:
    path = tmp_path / "there.iso"
    path.write_text("mine")
    with pytest.raises(Exists):
        disc.write_now(documents(Form(), instance="u"), path)
    assert path.read_text() == "mine"
