"""The shape of the database, one revision a file; run by models.store.moves.migrate."""
