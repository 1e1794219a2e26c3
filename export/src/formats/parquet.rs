//! One of the ledger's own tables as Parquet.
