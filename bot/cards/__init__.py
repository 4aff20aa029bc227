"""Cards by topic: views become titles, fields and buttons."""
