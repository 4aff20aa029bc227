"""The one command table, rows by topic."""
