"""Two heads read side by side: what they share and where they differ, as figures that a judge can learn from."""
