"""What people do: kinds of activity, who does what now, and choosing."""
