"""OpenSSH's client as libvirt and the consoles use it: one connection per host, and its questions asked in our windows."""
