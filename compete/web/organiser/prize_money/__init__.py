"""Prize money of awards and grades: amounts, and the list of who is to be paid."""
