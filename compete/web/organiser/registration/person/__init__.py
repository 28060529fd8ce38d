"""The page of one contestant: who it is, when and where, sheets, results, badge, every change."""
