"""Telephony as companies set it up, and what their exchanges tell: see the modules."""
