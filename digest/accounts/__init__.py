"""The people at the desk: how they log in, and what each group of them may do."""
