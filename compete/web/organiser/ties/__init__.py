"""Equals of a stage: where they keep places open, and how 加赛 or 抽签 parted them."""
