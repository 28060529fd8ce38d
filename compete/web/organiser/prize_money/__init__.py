"""What awards and grades bring: amounts, and the list of who is to be paid."""
