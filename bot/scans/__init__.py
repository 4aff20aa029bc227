"""Reads bar codes off pictures people send: in a process of its own, for hostile pictures and native code."""
