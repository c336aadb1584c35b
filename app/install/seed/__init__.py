"""The seed of a cloud image: what cloud-init is told at the first start, and the disc that tells it."""
