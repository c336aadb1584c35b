"""What a machine is told for its first start: cloud-init's settings, and the answers to an installer."""
