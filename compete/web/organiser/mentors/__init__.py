"""师徒: agreements, one with its visits, the rules of an organisation, the best mentors."""
