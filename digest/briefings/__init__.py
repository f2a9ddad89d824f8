"""The paper itself: issues, their items, and the pages they are read on."""
