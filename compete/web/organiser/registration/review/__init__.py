"""审核: the people who meet the conditions of an evaluation, and those who lack something."""
