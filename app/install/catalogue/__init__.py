"""Installation media and cloud images that can be downloaded, and the downloads."""
