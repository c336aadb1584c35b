"""A disk's source at servers of the network: which, how the host logs in, and what each protocol needs besides."""

from __future__ import annotations

from app.devices.description import Choice, Field, Kind, Table, When
from app.devices.shared.auth import auth
from app.devices.shared.conditions import only
from app.devices.shared.switches import yes_no
from app.i18n import N_

_WEB = ("http", "https", "ftp", "ftps")


def servers(base: str, live: str) -> tuple[Field | Table, ...]:
    """The fields below ``source`` of ``type='network'``; base: "" or "backingStore/"."""
    network = only(f"{base}@type", "network")
    return (
        *_names(base, network, live),
        hosts(f"{base}source/", network, live),
        *_tls(base, network),
        *_login(base, network),
        *_web(base, network),
        *_secure_shell(base, network),
        *_connection(base, network),
    )


def _of(base: str, *protocols: str) -> When:
    return only(f"{base}source/@protocol", *protocols, why=N_("This protocol does not have it."))


_NAME_AND_PORT = (
    Field("@name", N_("Name or address"), Kind.TEXT, N_("Of the server.")),
    Field("@port", N_("Port"), Kind.INTEGER, N_("The protocol's usual one, if nothing is said."), minimum=0, maximum=65535),
)
_TRANSPORT = (
    Field(
        "@transport",
        N_("Transport"),
        Kind.CHOICE,
        N_("How the server is reached."),
        (Choice("tcp", "TCP"), Choice("rdma", "RDMA"), Choice("unix", N_("Unix socket"))),
        default="tcp",
    ),
    Field("@socket", N_("Socket"), Kind.PATH, N_("Of a server on the host itself."), when=(only("@transport", "unix"),)),
)


def hosts(base: str, when: When, live: str, *, transport: bool = True) -> Table:
    """The table of ``host`` below a source.  transport: it can be told how the server is reached."""
    return Table(
        f"{base}host",
        N_("Servers"),
        _NAME_AND_PORT + (_TRANSPORT if transport else ()),
        new="<host name='storage.example.org'/>",
        help=N_("Where the storage is; Ceph and GlusterFS may have several."),
        when=(when,),
        live=live,
        words="server monitor",
    )


def _names(base: str, network: When, live: str) -> tuple[Field, ...]:
    return (
        Field(
            f"{base}source/@name",
            N_("Name of the image"),
            Kind.TEXT,
            N_("Pool and image (Ceph), target and unit (iSCSI), export (NBD), volume and file (GlusterFS), path (others)."),
            when=(network,),
            live=live,
            words="export target iqn",
        ),
        Field(
            f"{base}source/@query",
            N_("Query of the address"),
            Kind.TEXT,
            N_("What follows “?” in the address."),
            when=(network, _of(base, "http", "https")),
            live=live,
        ),
        Field(
            f"{base}source/snapshot/@name",
            N_("Snapshot"),
            Kind.TEXT,
            N_("A snapshot of the Ceph image; it can be read only."),
            when=(network, _of(base, "rbd")),
            live=live,
        ),
        Field(
            f"{base}source/config/@file",
            N_("Configuration of Ceph"),
            Kind.PATH,
            N_("On the host, instead of its own."),
            when=(network, _of(base, "rbd")),
        ),
    )


def _tls(base: str, network: When) -> tuple[Field, ...]:
    return (
        yes_no(
            f"{base}source/@tls",
            N_("Encrypted (TLS)"),
            N_("Uses the certificates of the host's configuration."),
            when=(network, _of(base, "nbd", "vxhs")),
        ),
        Field(
            f"{base}source/@tlsHostname",
            N_("Name in the certificate"),
            Kind.TEXT,
            N_("If it differs from the server's name."),
            when=(network, _of(base, "nbd")),
        ),
        yes_no(
            f"{base}source/ssl/@verify",
            N_("Check the certificate"),
            N_("“No” takes any server for the right one."),
            when=(network, _of(base, "https", "ftps")),
        ),
    )


def _login(base: str, network: When) -> tuple[Field, ...]:
    return (
        *auth(f"{base}source/", network, _of(base, "rbd", "iscsi", "https", "ftps", "http", "ftp", "ssh")),
        Field(
            f"{base}source/initiator/iqn/@name",
            N_("Name of the initiator"),
            Kind.TEXT,
            N_("The iSCSI name (IQN) by which the host presents itself."),
            when=(network, _of(base, "iscsi")),
        ),
        Field(
            f"{base}source/identity/@user",
            N_("As user"),
            Kind.TEXT,
            N_("With whose rights the server is asked: name or +number."),
            when=(network, _of(base, "nfs")),
        ),
        Field(
            f"{base}source/identity/@group",
            N_("As group"),
            Kind.TEXT,
            help=N_("With which group's rights the server is asked: name or +number."),
            when=(network, _of(base, "nfs")),
        ),
    )


def _web(base: str, network: When) -> tuple[Field | Table, ...]:
    web = (network, _of(base, *_WEB))
    return (
        Table(
            f"{base}source/cookies/cookie",
            N_("Cookies"),
            (
                Field("@name", N_("Name"), help=N_("Of the cookie."), required=True),
                Field("", N_("Value"), Kind.SECRET, help=N_("Sent with each request; whoever reads the definition sees it.")),
            ),
            new="<cookie name='session'>value</cookie>",
            key="@name",
            help=N_("Sent to the server with each request."),
            when=(network, _of(base, "http", "https")),
            folded=True,
        ),
        Field(
            f"{base}source/readahead/@size",
            N_("Read ahead"),
            Kind.SIZE,
            N_("More than asked is read in one request."),
            scale="bytes",
            minimum=1,
            when=web,
            folded=True,
        ),
        Field(
            f"{base}source/timeout/@seconds",
            N_("Wait for the server"),
            Kind.INTEGER,
            help=N_("After that a request has failed."),
            unit="s",
            minimum=1,
            when=web,
            folded=True,
        ),
    )


def _secure_shell(base: str, network: When) -> tuple[Field, ...]:
    ssh, since = (network, _of(base, "ssh")), (9, 8, 0)
    return (
        Field(
            f"{base}source/knownHosts/@path",
            N_("Known servers"),
            Kind.PATH,
            N_("The file known_hosts of the host."),
            when=ssh,
            since=since,
        ),
        Field(
            f"{base}source/identity/@username",
            N_("Login"),
            Kind.TEXT,
            help=N_("As whom the host logs in at the server."),
            when=ssh,
            since=since,
        ),
        Field(
            f"{base}source/identity/@keyfile",
            N_("Key file"),
            Kind.PATH,
            help=N_("The private key on the host; it must have no passphrase."),
            when=ssh,
            since=since,
        ),
        Field(
            f"{base}source/identity/@agentsock",
            N_("Socket of the key agent"),
            Kind.PATH,
            help=N_("Of an agent on the host that has the key."),
            when=ssh,
            since=since,
        ),
    )


def _connection(base: str, network: When) -> tuple[Field, ...]:
    return (
        yes_no(
            f"{base}source/reconnect/@enabled",
            N_("Connect again"),
            N_("Tries again when the connection to the program is lost."),
            when=(only(f"{base}@type", "vhostuser"),),
        ),
        Field(
            f"{base}source/reconnect/@timeout",
            N_("Connect again after"),
            Kind.INTEGER,
            help=N_("How long to wait before the next try."),
            unit="s",
            minimum=1,
            when=(only(f"{base}@type", "vhostuser"),),
        ),
        Field(
            f"{base}source/reconnect/@delay",
            N_("Keep trying for"),
            Kind.INTEGER,
            N_("How long requests wait for a lost NBD server."),
            unit="s",
            minimum=0,
            when=(network, _of(base, "nbd")),
            since=(9, 1, 0),
        ),
    )
