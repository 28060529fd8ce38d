"""The units of a competition: their list by hand, one step of it back, the links of contacts."""
