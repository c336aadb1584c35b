"""QEMU's D-Bus display (``<graphics type='dbus' p2p='yes'/>``): pixels as they are, over a socket of this machine."""
