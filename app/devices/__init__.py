"""Descriptions of devices and settings (``description``), what can be done with them (``values``, ``checks``, ``choosing``), and
one file for each device type (``types``) and group of settings (``groups``)."""
