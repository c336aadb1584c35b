"""VNC (the RFB protocol, RFC 6143 and the community's rfbproto.rst) over a connected socket."""
