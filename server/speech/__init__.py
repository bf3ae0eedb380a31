"""Making announcements audible: voices, recorded clips, and the joining of both."""
