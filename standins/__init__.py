"""Small real servers that behave as the clouds do, for tests and for use by hand."""
