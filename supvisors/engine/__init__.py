"""Verbs, pure: messages and events in, effects out. No clock, socket, thread, log or random."""
