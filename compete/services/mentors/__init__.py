"""师徒: agreements between mentors and pupils, visits, outcomes, the rules of an organisation."""
