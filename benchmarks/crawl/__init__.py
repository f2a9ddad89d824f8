"""The parts of `make prove-crawl`: each module gives the trials of one family, the table runs and prints them."""
