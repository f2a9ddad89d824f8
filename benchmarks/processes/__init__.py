"""What `make prove-processes` is made of: the house, what is done to it, who watches, and the ledger."""
