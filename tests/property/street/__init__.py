"""A small random street: a platform that knows the truth, a line that garbles it, an owner, and a shop's file."""
