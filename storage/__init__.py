"""What is kept: nouns, the MongoDB stores and the room log. Knows nothing of the server."""
