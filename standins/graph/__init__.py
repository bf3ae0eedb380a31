"""Microsoft's sign-in and Graph, as far as calendars and contacts need them."""
