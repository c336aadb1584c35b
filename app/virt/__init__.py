"""The only importer of libvirt: sessions, and async functions for each kind of object."""
