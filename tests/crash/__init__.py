"""The real process, killed at every step of the work, and started again on the same files."""
