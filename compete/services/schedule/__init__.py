"""Who is expected when and where, draws, who came, who marks whom, sheets for who comes late."""
