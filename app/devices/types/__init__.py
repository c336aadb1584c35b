"""Device types, one file each; ``app.devices.catalogue`` names them all."""
