"""`python -m tests.lab.play`: a libvirt host with a few guests to play with. Ctrl+C removes all of it."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from tests.lab import faults, guests, hosts, media
from tests.lab.world import LabError, SessionWorld, World, repair_kvm_node, sweep


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.lab.play", description=__doc__)
    parser.add_argument("--session", action="store_true", help="a per-user host (qemu:///session), as for everybody but root")
    parser.add_argument("--guests", type=int, default=2, metavar="N", help="further boot sector guests (default: 2)")
    parser.add_argument("--second-host", action="store_true", help="a second host on the same LAN (needs root)")
    parser.add_argument("--slow", type=float, metavar="SECONDS", help="one more URI with this round trip")
    parser.add_argument("--check", action="store_true", help="start everything, say it, end at once")
    return parser.parse_args(arguments)


def furnish(world: World, boot_guests: int) -> None:
    """Guests of each kind: one running with an agent, small ones running and off, one with Linux that is off."""
    network = guests.DEFAULT_NET if world.kind == "system" else guests.USER_NET
    guests.start_agent_guest(world, "agent", network=network)
    guests.define_linux(world, "linux", network=network)
    for number in range(boot_guests):
        guest = guests.define_boot_sector(world, f"boot{number + 1}")
        if number % 2 == 0:
            guest.start()


def describe(world: World) -> str:
    """What a person needs to know."""
    first, second = world.put(media.tiny_iso(), "first.iso"), world.put(media.second_iso(), "second.iso")
    return f"""
Host “{world.name}”    {world.uri}

    packaging/run -- --connect '{world.uri}'
    virsh -c '{world.uri}' list --all

Files      {first}   boots a small Linux (blue)
           {second}   another disc: type “readcd” in the guest (green)
Guests     {", ".join(world.domains())}
Serial     log in as root, no password (agent); a shell (linux)
Daemon     pid {world.daemon_pid}: kill -STOP / -CONT to hang it, kill to end it"""


def open_worlds(options: argparse.Namespace, stack: ExitStack) -> list[World]:
    """Starts what was asked for."""
    reason = hosts.why_not()
    if options.session or reason:
        if not options.session:
            print(f"A per-user host, because an isolated one {reason}", file=sys.stderr)
        return [stack.enter_context(SessionWorld("play"))]
    if not options.second_host:
        return [stack.enter_context(hosts.RootHost("play"))]
    lan = stack.enter_context(hosts.Lan())
    return [stack.enter_context(hosts.RootHost(name, lan=lan)) for name in ("play", "play2")]


def main(arguments: list[str] | None = None) -> int:
    """Runs until Ctrl+C (or SIGTERM)."""
    options = parse(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sweep()
    repair_kvm_node()
    try:
        with ExitStack() as stack:
            print("Starting (the first time builds guests from the distribution's packages) ...", flush=True)
            worlds = open_worlds(options, stack)
            furnish(worlds[0], options.guests)
            for world in worlds:
                print(describe(world), flush=True)
            if options.slow:
                link = stack.enter_context(faults.Link(Path(worlds[0].socket), rtt_s=options.slow))
                print(f"\nSlow link  {link.uri(worlds[0].kind)}   (no console: it passes no file descriptors)", flush=True)
            print("\nCtrl+C ends it and removes everything.", flush=True)
            while not options.check:
                time.sleep(3600)
    except KeyboardInterrupt:
        print("\nEnded; everything is removed.")
    except LabError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
