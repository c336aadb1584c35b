"""Films of a guest's screen: to a video file while it runs, and of the last seconds."""
