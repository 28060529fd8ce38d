"""The web part: the pages for people and the calls from tablets."""
