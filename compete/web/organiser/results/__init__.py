"""State of each event's results, standings and ties; the last look before lock and publishing."""
