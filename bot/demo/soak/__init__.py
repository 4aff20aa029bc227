"""`zhanggui demo --soak`: a whole day under faults, planned from a seed, and held against the world's own record."""
