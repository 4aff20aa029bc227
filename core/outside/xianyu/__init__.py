"""Xianyu (闲鱼): socket, HTTP calls, parser."""
