"""Holds all mail where the database may be a restored one, which has forgotten letters that left."""
