"""HTTP doors: thin tables of routes. They translate and decide nothing."""
