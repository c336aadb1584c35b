"""A distribution's install tree on the network: its kernel, its ramdisk, and what to tell them."""
