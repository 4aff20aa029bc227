"""The front door for people: commands and questions by topic, each act with its actor."""
