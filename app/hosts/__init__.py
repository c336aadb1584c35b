"""Hosts: sessions, inventories and statistics put together."""

from app.hosts.host import Host
from app.hosts.host_list import HostList

__all__ = ["Host", "HostList"]
