"""What an installer's kernel is told, so that it goes on where it came from."""

from __future__ import annotations

from urllib.parse import urlsplit

from app.install.tree import layouts

_METHOD_UNTIL = {"fedora": 16, "rhel": 6, "centos": 6}
"""The last versions whose Anaconda knows ``method=`` but not ``inst.repo=`` (Anaconda's boot options)."""


def arguments(family: str, url: str, *, version: str = "", argument: str | None = None, kernel: str = "", arch: str = "") -> str:
    """argument: the name that libosinfo has for the system ("inst.repo"); None where it does not know it."""
    if family == "ubuntu-live":
        return "ip=dhcp"
    if family in ("debian", "ubuntu"):
        return _debian(url)
    if family == "mageia":
        parts = urlsplit(url)
        return f"automatic=method:{parts.scheme},server:{parts.netloc},directory:{parts.path.rstrip('/') or '/'}"
    if family == "arch":
        root, _mark, _rest = kernel.partition("arch/boot/")
        return f"archisobasedir=arch archiso_http_srv={root} ip=dhcp"
    if family == "alpine":
        folder = kernel.rpartition("/")[0]
        branch, mark, _rest = folder.partition("/releases/")
        repository = f" alpine_repo={branch}/main" if mark else ""
        return f"ip=dhcp modloop={folder}/modloop-virt{repository}"
    name = argument or ("install" if family == "suse" else "method" if _old(family, version) else "inst.repo")
    return f"{name}={url}"


def _old(family: str, version: str) -> bool:
    number = version.partition(".")[0]
    return number.isdigit() and int(number) <= _METHOD_UNTIL.get(family, -1)


def _debian(url: str) -> str:
    """The mirror of the tree, which the installer would ask for (debian-installer manual, appendix B.4.3)."""
    suite = layouts.suite(url)
    if not suite:
        return ""
    parts = urlsplit(suite)
    kind = parts.scheme if parts.scheme in ("http", "https", "ftp") else "http"
    folder = parts.path.partition("/dists/")[0] or "/"
    name = parts.path.rstrip("/").rpartition("/")[2]
    return (
        f"mirror/country=manual mirror/protocol={kind} mirror/{kind}/hostname={parts.netloc} mirror/{kind}/directory={folder}"
        f" mirror/suite={name}"
    )
