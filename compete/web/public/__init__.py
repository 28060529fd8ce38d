"""What anyone may open: results, badges, appeals, certificates, credentials, draws."""
