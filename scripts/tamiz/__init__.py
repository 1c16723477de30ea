"""Tamiz: from the tables of your own warehouse to small, reviewed, lawful audiences."""
