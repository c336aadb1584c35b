"""Groups of settings of the machine itself, one file each; ``app.devices.catalogue`` names them all."""
