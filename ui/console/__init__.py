"""A machine's screen: painting, keyboard and pointer, connecting, and what stands where no picture is."""
