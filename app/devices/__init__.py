"""Descriptions of device types will live here, one file each; there are none yet."""
