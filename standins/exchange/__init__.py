"""Exchange Server in small: mailboxes that tests change, over EWS."""
