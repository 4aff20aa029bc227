"""The world, one folder or file per foreign thing."""
