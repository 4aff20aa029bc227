"""The counter where the owner stands: it knows only the shop's front door."""
