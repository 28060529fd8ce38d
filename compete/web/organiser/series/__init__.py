"""Series: their list, the tree with its counts, nodes and what they report, who goes up."""
