"""The sample issue of 2023-03-10: its pages, its data, and the proxy that answers for the pages' addresses."""
