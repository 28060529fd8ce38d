"""Series: the tree of nodes, counts that are reported, places further up, who is put forward."""
