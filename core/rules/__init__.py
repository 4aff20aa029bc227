"""The law, pure: no await, no disk, no clock, no randomness."""
