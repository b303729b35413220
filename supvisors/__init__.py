"""Supvisors makes many supervisord daemons one system. The rooms, and what each may import: docs/architecture.md."""
