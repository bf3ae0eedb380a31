"""Google's sign-in, Calendar and People, as they answer: `python -m standins.google`."""
