"""Socket.IO doors: connecting, dispatching commands, telling facts."""
