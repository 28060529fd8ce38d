"""二次抽查: squares of a closed period that a second person holds against their evidence."""
