"""The only way a state changes."""
