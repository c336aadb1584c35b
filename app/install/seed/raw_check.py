"""Looks at documents in the user's own words: whether they are YAML, and what cloud-init would make of them.

Read as cloud-init reads them (PyYAML's safe loader), so that both find the same mistakes; each is told with its place.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from typing import Any

from app.i18n import _
from app.install.seed.finding import Finding
from app.install.seed.form import Raw

LARGEST = 512 << 10
"""Characters; the reader needs a second for so many, so long texts are looked at off the event loop."""

_DEEPEST, _MOST_NAMES = 500, 200

_OTHER_KINDS = ("#!", "#include", "#cloud-boothook", "#part-handler", "#upstart-job", "Content-Type: multipart")
"""First lines of user-data that is no ``#cloud-config`` (cloud-init documentation, "User-data formats")."""

_LISTS = ("users", "packages", "runcmd", "bootcmd", "write_files", "ssh_authorized_keys", "mounts", "ssh_import_id", "groups")
_TEXTS = ("hostname", "fqdn", "timezone", "locale")
_FLAGS = ("package_update", "package_upgrade", "disable_root", "manage_etc_hosts")

_KNOWN = (
    *_LISTS, *_TEXTS, *_FLAGS,
    "apt", "ca_certs", "chpasswd", "disk_setup", "final_message", "fs_setup", "growpart", "keyboard", "network", "ntp",
    "password", "power_state", "preserve_hostname", "resize_rootfs", "resolv_conf", "rsyslog", "snap", "ssh_deletekeys",
    "ssh_keys", "ssh_pwauth", "swap", "user", "yum_repos", "package_reboot_if_required",
)  # fmt: skip


def findings(raw: Raw) -> list[Finding]:
    """Of all documents that have been written."""
    found = [*user_data(raw.user_data)] if raw.user_data.strip() else []
    found += [*_mapping("meta-data", raw.meta_data, _meta_data)] if raw.meta_data.strip() else []
    return found + ([*_mapping("network-config", raw.network_config, _network)] if raw.network_config.strip() else [])


def user_data(text: str) -> Iterator[Finding]:
    """Of ``user-data``: its first line, and the YAML of a ``#cloud-config``."""
    plain = text.lstrip("\ufeff")
    first = plain.split("\n", 1)[0].rstrip()
    if first.startswith((*_OTHER_KINDS, "## template:")):  # a jinja template is YAML only after it was filled in
        return
    if first not in ("#cloud-config", "#cloud-config-archive"):
        text_ = _("The first line must say what this is, such as “#cloud-config” or “#!/bin/sh”; otherwise it is ignored.")
        yield Finding("user-data", text_, line=1, column=1)
    if first == "#cloud-config-archive":
        yield from _load("user-data", plain)[1]
        return
    yield from _mapping("user-data", plain, _cloud_config)


def _mapping(field: str, text: str, look: Any) -> Iterator[Finding]:
    root, found = _load(field, text)
    yield from found
    if root is None:
        if not found:
            yield Finding(field, _("There is nothing in it."), blocks=False)
        return
    keys = _keys(root)
    if keys is None:
        where = root.start_mark
        text_ = _("This must be “name: value” lines, not a list or a single text (line {line}).").format(line=where.line + 1)
        yield Finding(field, text_, line=where.line + 1, column=where.column + 1)
        return
    yield from look(field, keys)


def _load(field: str, text: str) -> tuple[Any, list[Finding]]:
    """The root node (None if there is none) and what is wrong with the YAML itself."""
    import yaml  # noqa: PLC0415 - 20 ms, wanted when a document is looked at

    if len(text) > LARGEST:
        return None, [Finding(field, _("This text is too long for cloud-init's disc."))]
    if _depth(text) > _DEEPEST:  # the reader's time grows with the square of it
        return None, [Finding(field, _("This is nested too deeply to be read."))]
    try:
        root = yaml.compose(text, yaml.SafeLoader)
        return root, [*_twice(field, root, set())] if root is not None else []
    except yaml.MarkedYAMLError as error:
        return None, [_marked(field, error)]
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        line, column = before.count("\n") + 1, error.position - before.rfind("\n")
        text_ = _("Line {line}, column {column}: this character is not allowed in YAML.").format(line=line, column=column)
        return None, [Finding(field, text_, line=line, column=column)]
    except RecursionError:
        return None, [Finding(field, _("This is nested too deeply to be read."))]


def _depth(text: str) -> int:
    """How deep the brackets go, at most; those in quotes count too."""
    deepest = depth = 0
    for char in re.findall(r"[\[\]{}]", text):
        depth = depth + 1 if char in "[{" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest


def _marked(field: str, error: Any) -> Finding:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    text = _("Line {line}, column {column}: this is not valid YAML ({problem}).")
    words = str(error.problem or error.context or error)
    if "cannot start any token" in words and "\\t" in words:
        words = _("there is a tab; indent by blanks")
    return Finding(field, text.format(line=line, column=column, problem=words), line=line, column=column)


def _twice(field: str, node: Any, seen: set[int]) -> Iterator[Finding]:
    """Names that are given twice in one mapping: YAML takes the last one in silence."""
    if id(node) in seen:
        return
    seen.add(id(node))
    children = node.value if isinstance(node.value, list) else []
    names: set[str] = set()
    for child in children:
        if not isinstance(child, tuple):
            yield from _twice(field, child, seen)
            continue
        key, value = child
        name = str(key.value)
        if name in names and name != "<<":
            line, column = key.start_mark.line + 1, key.start_mark.column + 1
            text = _("Line {line}: “{name}” is there twice, and only the last one counts.").format(line=line, name=name)
            yield Finding(field, text, blocks=False, line=line, column=column)
        names.add(name)
        yield from _twice(field, value, seen)


def _keys(root: Any) -> dict[str, tuple[Any, Any]] | None:
    """The mapping's nodes by name; None if the root is no mapping."""
    if root.id != "mapping":
        return None
    return {str(key.value): (key, value) for key, value in root.value}


def _cloud_config(field: str, keys: dict[str, tuple[Any, Any]]) -> Iterator[Finding]:
    for name, (key, value) in list(keys.items())[:_MOST_NAMES]:
        yield from _kind(field, name, value)
        close = difflib.get_close_matches(name, _KNOWN, 1, 0.8) if name not in _KNOWN else []
        if close:
            line = key.start_mark.line + 1
            text = _("Line {line}: cloud-init may not know “{name}”. Do you mean “{other}”?")
            yield Finding(field, text.format(line=line, name=name, other=close[0]), False, line, key.start_mark.column + 1)
    yield from _open_passwords(field, keys)


def _kind(field: str, name: str, value: Any) -> Iterator[Finding]:
    mark = value.start_mark
    line, column = mark.line + 1, mark.column + 1
    if name in _LISTS and value.id == "scalar" and value.tag != "tag:yaml.org,2002:null" and name not in ("users", "groups"):
        text = _("Line {line}: “{name}” must be a list, with a hyphen before each entry.").format(line=line, name=name)
        yield Finding(field, text, line=line, column=column)
    if name in _TEXTS and (value.id != "scalar" or value.tag != "tag:yaml.org,2002:str"):
        if name == "locale" and value.tag == "tag:yaml.org,2002:bool":  # "locale: false" is allowed
            return
        text = _("Line {line}: “{name}” must be a text. Put it between quotation marks.").format(line=line, name=name)
        yield Finding(field, text, line=line, column=column)
    if name in _FLAGS and value.tag not in ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:str"):
        text = _("Line {line}: “{name}” must be true or false.").format(line=line, name=name)
        yield Finding(field, text, line=line, column=column)


def _open_passwords(field: str, keys: dict[str, tuple[Any, Any]]) -> Iterator[Finding]:
    """Passwords that are not hashed: they lie on the disc, and in the guest's log."""
    found = [key for name, (key, _value) in keys.items() if name == "password"]
    users = keys["users"][1].value if "users" in keys and keys["users"][1].id == "sequence" else []
    for user in users:
        found += [key for key, _value in user.value if key.value == "plain_text_passwd"] if user.id == "mapping" else []
    for key in found:
        line = key.start_mark.line + 1
        text = _("Line {line}: this password can be read by everybody who reads the disc. Use its hashed form.")
        yield Finding(field, text.format(line=line), False, line, key.start_mark.column + 1)


def _meta_data(field: str, keys: dict[str, tuple[Any, Any]]) -> Iterator[Finding]:
    if "instance-id" not in keys:
        text = _("There is no “instance-id”, by which cloud-init knows a new machine from an old one.")
        yield Finding(field, text, blocks=False)


def _network(field: str, keys: dict[str, tuple[Any, Any]]) -> Iterator[Finding]:
    if "network" in keys and len(keys) == 1:
        inner = _keys(keys["network"][1])
        if inner is not None:
            keys = inner
    version = keys["version"][1] if "version" in keys else None
    if version is None or str(version.value) not in ("1", "2"):
        line = version.start_mark.line + 1 if version is not None else 1
        yield Finding(field, _("There must be a line “version: 2” (or 1)."), line=line, column=1)
    elif str(version.value) == "1" and "config" not in keys:
        yield Finding(field, _("Version 1 needs a list “config”."), blocks=True)
