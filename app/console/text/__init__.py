"""Text consoles: a machine's serial ports, consoles and channels, over libvirt's streams, on a terminal."""
