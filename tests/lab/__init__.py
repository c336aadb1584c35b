"""The lab: real libvirt daemons, real guests and real faults, made by the tests themselves and gone when they end.

* `world`, `hosts`: daemons. `SessionWorld` (per user, no root) and `RootHost` (isolated "machine", needs root).
* `media`, `guests`: boot sector, kernel + initrd, bootable ISO images, the guest with an agent; built once, cached.
* `faults`: slow, frozen and dropped links, black holes, full disks, killed and stopped processes.
* `screen`: a private X display with mouse, keyboard and pixels.
* `play`: `python -m tests.lab.play` starts a host with guests for people.

docs/testing.md tells how to use it.
"""
