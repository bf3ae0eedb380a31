"""What becomes of a call: who may ask, what is known, and the decision."""
