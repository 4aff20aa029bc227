"""The shop. It knows no chat library."""
