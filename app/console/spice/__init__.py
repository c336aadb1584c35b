"""SPICE, by its own client library (spice-client-glib)."""
