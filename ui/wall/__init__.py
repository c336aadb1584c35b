"""The wall: small live pictures of many machines' screens."""
