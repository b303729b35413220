"""The typed methods, by topic; `SupvisorsClient` has them all."""
