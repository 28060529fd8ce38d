"""Making a competition: from a file, from an earlier edition, from a template, from nothing."""
