"""The first start with nothing configured: which host is chosen, what is said about it, and the button that gets the better one."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import Start
from tests.lab import hosts
from tests.lab.hosts import RootHost


def test_the_system_daemon_is_chosen_where_it_may_be_used(start_program: Start, root_host: RootHost) -> None:
    window = start_program(on=root_host)
    window.wait("This computer, No machines", "tree item")


def test_a_daemon_that_does_not_run_is_started_by_the_button(start_program: Start) -> None:
    if reason := hosts.why_not():
        pytest.skip(reason)
    with RootHost("stopped") as host:
        host.kill_daemon()
        window = start_program(on=host)
        window.wait("Practice host", "tree item", part=True)
        window.wait("does not run, so a practice host is shown", part=True)
        window.click("Start the service", "push button")
        window.wait("This computer, No machines", "tree item", timeout_s=40)
        assert host.virsh("net-list", "--all", "--name").split() == ["default"]
        window.program.close()


def test_a_daemon_that_stopped_is_started_from_the_hosts_page(start_program: Start) -> None:
    if reason := hosts.why_not():
        pytest.skip(reason)
    with RootHost("stops") as host:
        window = start_program(on=host)
        window.click("This computer, No machines", "tree item")
        window.key("Return")
        window.wait("Test KVM now", "push button")
        host.kill_daemon()
        window.click("Start the service", "push button")
        window.wait("Test KVM now", "push button", timeout_s=40)
        assert host.virsh("net-list", "--all", "--name").split() == ["default"]
        window.program.close()
