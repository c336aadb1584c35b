"""What a dropped address is likely to be."""

from __future__ import annotations

from urllib.parse import urlsplit

_FILES = (".iso", ".img", ".qcow2", ".qcow", ".raw", ".vmdk", ".vdi", ".vhd", ".vhdx", ".qed")


def kind_of(url: str) -> str:
    """The kind of source: "download" for the file of a medium, "tree" for a folder with an installer."""
    return "download" if urlsplit(url).path.lower().endswith(_FILES) else "tree"
