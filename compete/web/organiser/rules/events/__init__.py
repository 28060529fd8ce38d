"""Setting up events: the list of them, and the rules of each as a form."""
