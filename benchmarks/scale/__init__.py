"""`make bench-scale`: what filing one article and one search cost in an archive of 10,000, 100,000, 1,000,000."""
