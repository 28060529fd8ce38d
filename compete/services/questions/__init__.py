"""Question banks: kept, searched, reviewed, brought and taken out; each look is on record."""
