"""The application with the commands of Flask-Migrate: `flask --app tools.migrating db …`."""

from __future__ import annotations

from flask_migrate.cli import db

from compete import create_app

app = create_app()
app.cli.add_command(db)
