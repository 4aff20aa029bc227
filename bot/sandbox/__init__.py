"""Pretend chat platforms on loopback, for the demo and the tests; they import nothing of the shop but its clock."""
