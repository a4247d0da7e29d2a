"""The domain database: engine, transactions, tables, migrations and the vault."""

from bot.store.engine import Database, database, transaction, use

__all__ = ["Database", "database", "transaction", "use"]
