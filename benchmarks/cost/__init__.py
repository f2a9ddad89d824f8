"""What hostile text costs each function that takes outside text (`make prove-cost`)."""
