"""The wire: machines gather and understand. It has never heard of the digest."""
