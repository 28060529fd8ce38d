"""Head counts: the workers of each unit who take part in a labour competition."""
