"""Handlers: parse, operate, answer; one module per feature."""
