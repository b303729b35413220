"""The version of the project: this file is the only place that holds it."""

__version__ = '1.0.0.dev0'
