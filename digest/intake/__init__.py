"""What comes in from outside the desk: readers' tips, and pages that other programs send with a token."""
