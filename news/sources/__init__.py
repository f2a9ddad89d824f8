"""Where links come from, a file a kind. The inbox is the first: people drop links into it."""
