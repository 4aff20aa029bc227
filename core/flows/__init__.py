"""The day's work, one step() a file."""
