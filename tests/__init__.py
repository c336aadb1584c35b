"""Tests of Hostelry: `unit` (no daemon), `ui` (windows), `lab` (real daemons), `e2e` (the real program), `bench`."""
