"""What may leave the house: each letter takes a number, all mail can be held, a stranger's mailbox gets few letters."""
