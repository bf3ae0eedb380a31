"""The rules: pure functions first, then the use cases that look up, save, publish and enqueue."""
