"""What callers hear when nobody answers: the words, when they are true, and their recordings."""
