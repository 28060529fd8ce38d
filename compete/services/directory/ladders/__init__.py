"""The ladders of skill grades (等级体系) of the installation, which events take copies of."""
