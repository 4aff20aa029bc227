"""The verbs of the host's command line, by topic; each module adds its own to the parser."""
