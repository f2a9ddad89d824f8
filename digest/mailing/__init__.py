"""The post: subscribers, and one delivery of each issue to each of them."""
