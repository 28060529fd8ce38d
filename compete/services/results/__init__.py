"""Publication: stored snapshots, the notice list, what a badge's holder may see."""
