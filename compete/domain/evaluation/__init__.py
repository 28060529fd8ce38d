"""Grade evaluations: people judged against lines, and the grades that they get."""
