"""Sound of guests on this desktop, and its microphone: by GStreamer, which finds PipeWire, PulseAudio or ALSA."""
