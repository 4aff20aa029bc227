"""Pretend chat platforms on loopback. They import nothing of the shop but its clock."""
