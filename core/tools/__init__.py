"""What the host's command line needs of the shop: decode, verify, backup, restore."""
