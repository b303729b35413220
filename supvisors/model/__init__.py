"""Nouns: what the system talks about. No I/O."""
