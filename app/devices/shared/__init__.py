"""Fields that several device types have, one noun each: addresses, character devices, encryption, limits."""
