"""What holds for resources of every kind: secrets, tags, names, images, permissions."""
