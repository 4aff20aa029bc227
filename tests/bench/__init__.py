"""What the shop does per second: `python -m tests.bench [NAME …] [--json] [--quick]`.

Every figure is measured end to end: the pretend world in one process, the shop in its own, and this one only watches.
"""
