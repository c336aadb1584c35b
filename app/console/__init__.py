"""Console clients (VNC now, SPICE and serial beside it) that fill a framebuffer; transports apart."""
