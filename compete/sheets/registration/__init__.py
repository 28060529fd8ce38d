"""Registration by workbook: the template, reading it back, the plan, the refused rows.

A file goes through three steps, each of which can be looked at by itself:
`read_registration` opens it and finds the cells, `plan_registration` says what
every row would do, and whoever holds the database writes what the plan says.
"""
