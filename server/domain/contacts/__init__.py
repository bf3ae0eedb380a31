"""Contacts and favourites: who is outside, how they are found, and who may ring through."""
