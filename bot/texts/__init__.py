"""Texts for people, zh and en with the same keys."""
