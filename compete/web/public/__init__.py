"""Public pages: results, badges, appeals, certificates, credentials, draws."""
