"""How well the machine does its work: figures with confidence intervals, on labelled data. Nothing of it is learned."""
