"""Prize money of awards and grades: amounts, and the list of people to be paid."""
