"""Which screen of a machine is shown, and by which way it is reached."""

from __future__ import annotations

import pytest

from app.console.graphics import (
    FdRoute,
    NoClient,
    NoGraphics,
    Reach,
    TcpRoute,
    TunnelRoute,
    UnixRoute,
    choose,
    parse_graphics,
    reach_of,
    routes,
)
from app.errors import HostelryError, Invalid, Unsupported

HERE, THERE = Reach(), Reach("host2")


def xml(*graphics: str) -> str:
    return f"<domain><devices>{''.join(graphics)}</devices></domain>"


TCP = "<graphics type='vnc' port='5901' autoport='yes' listen='127.0.0.1'><listen type='address' address='127.0.0.1'/></graphics>"
ALL = "<graphics type='vnc' port='5901' listen='0.0.0.0'><listen type='address' address='0.0.0.0'/></graphics>"
ALL6 = "<graphics type='vnc' port='5901'><listen type='address' address='::'/></graphics>"
ADDRESS = "<graphics type='vnc' port='5901'><listen type='address' address='192.0.2.7'/></graphics>"
NETWORK = "<graphics type='vnc' port='5901'><listen type='network' address='192.0.2.7' network='lan'/></graphics>"
SOCKET = "<graphics type='vnc' socket='/run/x/vnc.sock'><listen type='socket' socket='/run/x/vnc.sock'/></graphics>"
NONE = "<graphics type='vnc'><listen type='none'/></graphics>"
NO_PORT = "<graphics type='vnc' port='-1' autoport='yes'><listen type='address' address='0.0.0.0'/></graphics>"
SPICE = "<graphics type='spice' port='5900' tlsPort='5910'><listen type='address' address='127.0.0.1'/></graphics>"


@pytest.mark.parametrize(("graphics", "reach", "wanted"), [
    (TCP, HERE, [FdRoute(0), TcpRoute("127.0.0.1", 5901, True)]),
    (ALL, HERE, [FdRoute(0), TcpRoute("127.0.0.1", 5901, True)]),
    (ALL6, HERE, [FdRoute(0), TcpRoute("::1", 5901, True)]),
    (ALL, THERE, [TcpRoute("host2", 5901, False)]),
    (ADDRESS, THERE, [TcpRoute("192.0.2.7", 5901, False)]),
    (NETWORK, THERE, [TcpRoute("192.0.2.7", 5901, False)]),
    (SOCKET, HERE, [FdRoute(0), UnixRoute("/run/x/vnc.sock")]),
    (NONE, HERE, [FdRoute(0)]),
])  # fmt: skip
def test_ways(graphics: str, reach: Reach, wanted: list[object]) -> None:
    assert routes(choose(parse_graphics(xml(graphics))), reach) == wanted


@pytest.mark.parametrize("graphics", [TCP, SOCKET, NONE, NO_PORT])
def test_no_way_from_elsewhere_is_explained(graphics: str) -> None:
    with pytest.raises(HostelryError) as caught:
        routes(choose(parse_graphics(xml(graphics))), THERE)
    assert caught.value.why and caught.value.next_step


def test_vnc_is_chosen_beside_spice_by_its_own_index() -> None:
    assert choose(parse_graphics(xml(SPICE, TCP))).index == 1


def test_the_first_usable_type_is_chosen() -> None:
    assert choose(parse_graphics(xml(TCP, SPICE)), ("spice", "vnc")).type == "spice"
    assert choose(parse_graphics(xml(TCP, SPICE)), ("vnc", "spice")).type == "vnc"


def test_what_has_to_be_installed_is_said() -> None:
    with pytest.raises(NoClient) as caught:
        choose(parse_graphics(xml(SPICE)), ("vnc",), {"spice": "Install the SPICE library."})
    assert caught.value.next_step == "Install the SPICE library."


def test_no_screen_and_no_client_are_two_things() -> None:
    with pytest.raises(NoGraphics):
        choose(parse_graphics(xml()))
    with pytest.raises(NoClient, match="SPICE"):
        choose(parse_graphics(xml(SPICE)))


@pytest.mark.parametrize("text", ["", "<domain>", "no xml", "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><domain>&x"])
def test_what_is_no_xml_is_invalid(text: str) -> None:
    with pytest.raises(Invalid):
        parse_graphics(text)


def test_entities_are_not_read() -> None:
    text = "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><domain><devices><graphics type='&x;'/></devices></domain>"
    with pytest.raises(Invalid):
        parse_graphics(text)


@pytest.mark.parametrize(("uri", "hostname"), [
    ("qemu:///system", ""), ("qemu+unix:///system?socket=/x", ""), ("qemu+ssh://root@host2:22/system", "host2"),
    ("qemu+tcp://[2001:db8::1]/system", "2001:db8::1"), ("test:///default", ""),
])  # fmt: skip
def test_where_a_host_is(uri: str, hostname: str) -> None:
    assert reach_of(uri) == Reach(hostname, "+ssh" in uri)


@pytest.mark.parametrize(("graphics", "address"), [
    ("<graphics type='vnc' port='5901' listen='127.0.0.1'/>", "127.0.0.1:5901"),
    ("<graphics type='vnc' port='5901' listen='0.0.0.0'/>", "127.0.0.1:5901"),
    ("<graphics type='vnc' port='5901' listen='::'/>", "[::1]:5901"),
    ("<graphics type='vnc' port='5901' listen='192.0.2.7'/>", "192.0.2.7:5901"),
    ("<graphics type='vnc' socket='/run/a b/vnc.sock'/>", "/run/a b/vnc.sock"),
])  # fmt: skip
def test_over_ssh_everything_goes_through_it(graphics: str, address: str) -> None:
    info = choose(parse_graphics(f"<domain><devices>{graphics}</devices></domain>"))
    assert routes(info, Reach("far", ssh=True)) == [TunnelRoute(address)]


def test_over_ssh_a_server_that_listens_nowhere() -> None:
    info = choose(parse_graphics("<domain><devices><graphics type='vnc'><listen type='none'/></graphics></devices></domain>"))
    with pytest.raises(Unsupported) as raised:
        routes(info, Reach("far", ssh=True))
    assert "listen" in raised.value.next_step


@pytest.mark.parametrize("graphics", ["<graphics type='vnc' port='5900' listen='127.0.0.1'/>", "<graphics type='vnc' socket='/run/vnc.sock'/>"])
def test_behind_a_forwarded_socket_nothing_of_this_machine_is_taken_for_the_screen(graphics: str) -> None:
    info = choose(parse_graphics(f"<domain><devices>{graphics}</devices></domain>"))
    assert routes(info, reach_of("qemu+unix:///system?socket=/tmp/far", here=False)) == [FdRoute(info.index)]
    assert len(routes(info, reach_of("qemu+unix:///system?socket=/tmp/near", here=True))) == 2


def test_a_dbus_display_is_for_this_machine_alone() -> None:
    xml = "<domain><devices><graphics type='dbus' p2p='yes'/><graphics type='dbus' address='unix:path=/run/x'/></devices></domain>"
    direct, bus = parse_graphics(xml)
    assert (direct.type, bus.type) == ("dbus", "dbus bus")
    assert routes(direct, Reach()) == [FdRoute(0)]
    with pytest.raises(Unsupported, match="cannot be reached") as caught:
        routes(direct, Reach("far.example", ssh=True))
    assert "VNC" in caught.value.next_step
