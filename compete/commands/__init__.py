"""The subcommands of `compete`, one file each: `add_arguments(parser)` and `run(arguments)`."""
