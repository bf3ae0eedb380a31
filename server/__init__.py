"""Växel: chat, presence and the rest of a cloud phone system's collaboration side."""

__version__ = "0.1.0"
