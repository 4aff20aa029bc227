"""Fronts: update to Request, Card to message, nothing else."""
