"""What lies outside: mail servers and, later, calendars and clouds. Knows nothing of the server."""
