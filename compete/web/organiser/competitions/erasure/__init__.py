"""Personal data past their keeping time: what goes, what stays, asked for and agreed to."""
