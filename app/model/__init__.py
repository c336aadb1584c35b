"""What libvirt said, as frozen records; the inventory of each host; statistics."""
