"""Reading from the network by HTTP, HTTPS and FTP, with limits on everything: time, size, redirects, schemes.

Only these three schemes exist here (never ``file:``), certificates are always checked, a redirect may not leave
encryption.  All functions block and are called on threads.
"""

from __future__ import annotations

import contextlib
import http.client
import re
import socket
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from email.message import Message
from functools import lru_cache
from typing import IO, Any, Protocol
from urllib.parse import quote, urlsplit, urlunsplit

from app import VERSION
from app.errors import Denied, Disconnected, Failed, HostelryError, Invalid, NotFound, TimedOut
from app.i18n import N_, _

SCHEMES = ("http", "https", "ftp")

SILENCE_S = 20.0
"""A server that says nothing for so long is taken for dead."""

REDIRECTS = 8

_HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_.])?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(?:%[A-Za-z0-9_.-]+)?")


class Response(Protocol):
    """What ``open_url`` gives: a file with headers."""

    url: str
    headers: Message
    status: int | None

    def read(self, amount: int = ..., /) -> bytes: ...

    def fileno(self) -> int: ...

    def close(self) -> None: ...


def checked(url: str) -> str:
    """The address in the form in which it is asked for; raises ``Invalid`` with the reason for one that is not asked."""
    what = _("This address cannot be used.")
    text = url.strip()
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise Invalid(what, why=_("It is not an address of the web."), raw=str(error)) from error
    if parts.scheme.lower() not in SCHEMES or not host:
        why = _("Addresses begin with http://, https:// or ftp:// and a host's name.")
        raise Invalid(what, why=why, next_step=_("Correct the address."))
    if parts.username is not None:
        why = _("It has a user's name or password in it, which would be seen in the machine's definition.")
        raise Invalid(what, why=why, next_step=_("Use an address that needs none."))
    if any(ord(char) < 33 or ord(char) == 127 for char in text.replace(" ", "%20")):
        raise Invalid(what, why=_("It has characters that no address has."), next_step=_("Correct the address."))
    try:
        name = host.encode("idna").decode() if not host.isascii() else host
    except UnicodeError as error:
        raise Invalid(what, why=_("The host's name is not valid."), raw=str(error)) from error
    if not _HOST.fullmatch(name):
        raise Invalid(what, why=_("The host's name is not valid."), next_step=_("Correct the address."))
    place = f"[{name}]" if ":" in name else name
    place += f":{port}" if port is not None else ""
    return urlunsplit((parts.scheme.lower(), place, _quoted(parts.path), _quoted(parts.query), ""))


def _quoted(text: str) -> str:
    """With everything that an address cannot have as it is in its escaped form; what is escaped stays so."""
    return quote(text, safe="/~:@!$&'()*+,;=%?[]")


def open_url(
    url: str, *, headers: Mapping[str, str] | None = None, method: str = "GET", silence_s: float = SILENCE_S
) -> Response:
    """An open response; its ``read`` raises what ``explained`` sorts.  Raises ``HostelryError``."""
    asked = checked(url)
    told = {"User-Agent": f"Hostelry/{VERSION}", **(headers or {})}
    request = urllib.request.Request(asked, headers=told, method=method)  # noqa: S310 - checked above
    try:
        return _opener().open(request, timeout=silence_s)  # type: ignore[no-any-return]
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise explained(error, asked) from error


def read(url: str, *, limit: int, total_s: float = 30.0, silence_s: float = SILENCE_S) -> bytes:
    """A small file, whole.  Raises ``Invalid`` if it is longer than ``limit``, ``TimedOut`` after ``total_s``."""
    end = time.monotonic() + total_s
    made = bytearray()
    with contextlib.closing(open_url(url, silence_s=min(silence_s, total_s))) as response, explaining(url):
        while piece := some(response, min(1 << 16, limit + 1 - len(made))):
            made += piece
            if len(made) > limit:
                raise Invalid(_("{url} is not what was looked for.").format(url=url), why=_("It is far too long."))
            if time.monotonic() > end:
                what = _("{url} cannot be read.").format(url=url)
                raise TimedOut(what, why=_("The server is too slow."), next_step=_("Try again later."))
    return bytes(made)


def there(url: str, *, silence_s: float = SILENCE_S) -> bool:
    """Whether the server has that file; False also where it may not be read.  Raises for a server that does not answer."""
    method = "GET" if url.startswith("ftp:") else "HEAD"
    try:
        open_url(url, method=method, silence_s=silence_s).close()
    except (NotFound, Denied, Invalid):
        return False
    except Failed as error:
        if error.raw.startswith(("405", "501")):  # no HEAD here
            return _there_by_get(url, silence_s)
        raise
    return True


def _there_by_get(url: str, silence_s: float) -> bool:
    try:
        open_url(url, silence_s=silence_s).close()
    except (NotFound, Denied, Failed):
        return False
    return True


@contextlib.contextmanager
def explaining(url: str) -> Iterator[None]:
    """Sorts what reading raises into ``HostelryError``."""
    try:
        yield
    except (OSError, http.client.HTTPException) as error:
        raise explained(error, url) from error


def explained(error: Exception, url: str) -> HostelryError:
    """An error of the network in people's words."""
    what, raw = _("{url} cannot be read.").format(url=url), str(error)
    if isinstance(error, urllib.error.HTTPError):
        error.close()
        return _status(error, what)
    cause = error.reason if isinstance(error, urllib.error.URLError) and isinstance(error.reason, Exception) else error
    if isinstance(cause, HostelryError):
        return cause
    if isinstance(cause, ssl.SSLCertVerificationError):
        why = _("The server's certificate is not valid: {reason}.").format(reason=cause.verify_message)
        return Denied(what, why=why, next_step=_("Do not trust this server; use another mirror."), raw=raw)
    for kinds, text, made, why, next_step in _CAUSES:
        if isinstance(cause, kinds) and text in raw:
            return made(what, why=_(why), next_step=_(next_step), raw=raw)
    return Failed(what, why=_("The server's answer makes no sense."), next_step=_("Try another mirror."), raw=raw)


_CAUSES: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str, type[HostelryError], str, str], ...] = (
    (TimeoutError, "", TimedOut, N_("The server does not answer."), N_("Try again later, or use another mirror.")),
    (socket.gaierror, "", Disconnected, N_("The host's name is not known."), N_("Check the address and the network connection.")),
    (Exception, "550", NotFound, N_("The server has no such file."), N_("Check the address.")),  # FTP's 404
    (
        (ConnectionError, ssl.SSLError, http.client.IncompleteRead),
        "", Disconnected, N_("The connection was refused or broken off."), N_("Try again later, or use another mirror."),
    ),
)  # fmt: skip
"""(exception, text in it, our class, why, next step); the first that fits."""


def _status(error: urllib.error.HTTPError, what: str) -> HostelryError:
    raw = f"{error.code} {error.reason}"
    for codes, made, why, next_step in _STATUSES:
        if error.code in codes:
            return made(what, why=_(why), next_step=_(next_step), raw=raw)
    return Failed(what, why=_("The server answered: {answer}.").format(answer=raw), next_step=_("Use another mirror."), raw=raw)


_STATUSES: tuple[tuple[tuple[int, ...], type[HostelryError], str, str], ...] = (
    ((404, 410), NotFound, N_("The server has no such file."), N_("Check the address.")),
    ((401, 403, 407, 451), Denied, N_("The server does not give it to everybody."), N_("Use another mirror.")),
    ((408, 429, 500, 502, 503, 504), Disconnected, N_("The server is overloaded or broken."), N_("Try again later.")),
)


def some(response: Response, amount: int) -> bytes:
    """What has come, at most ``amount``: a plain ``read`` would wait for all of it, however slowly it comes."""
    take = getattr(response, "read1", None) or getattr(getattr(response, "fp", None), "read1", None) or response.read
    return bytes(take(max(amount, 1)))


def _target(before: str, after: str) -> str:
    """Where a server may send on to."""
    target = checked(after)
    if before.startswith("https:") and not target.startswith("https:"):
        what = _("{url} cannot be read.").format(url=before)
        why = _("The server sends on to an address without encryption.")
        raise Denied(what, why=why, next_step=_("Use another mirror."), raw=target)
    return target


class _Redirects(urllib.request.HTTPRedirectHandler):
    """At most a few, to the same schemes, and never from encryption to none."""

    max_redirections = REDIRECTS
    max_repeats = 2

    def redirect_request(  # noqa: PLR0917 - urllib's
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        try:
            target = _target(req.full_url, newurl)
        except HostelryError:
            fp.close()
            raise
        made = super().redirect_request(req, fp, code, msg, headers, target)
        if made is not None and req.get_method() == "HEAD":
            made.method = "HEAD"
        return made


@lru_cache(maxsize=1)
def _opener() -> urllib.request.OpenerDirector:
    """Of the handlers that are wanted only: urllib's usual opener reads ``file:`` and ``data:`` too."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(context=ssl.create_default_context()),
        urllib.request.FTPHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        _Redirects(),
    ):
        opener.add_handler(handler)
    return opener
