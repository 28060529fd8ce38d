"""HTTPS on a local network: a certificate authority of our own, and what it signs.

Tablets that trust it may have a service worker, and so open a judge's pages with
the server dead. It knows no framework and no database.
"""
