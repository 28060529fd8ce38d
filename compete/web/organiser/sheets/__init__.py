"""One judge's sheet on the desk."""
