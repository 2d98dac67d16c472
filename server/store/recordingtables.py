"""The tables of recordings; see `server/store/tables.py` for all others."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, text

from server.store.schema import metadata

recordings = Table(  # figures are those of the closed segments; n of the next one to be closed is `segments`
    "recordings",
    metadata,
    Column("id", Text, primary_key=True),
    Column("office", ForeignKey("offices.id"), nullable=False),
    Column("hz", Integer, nullable=False),  # ticks a second, in all of it
    Column("started_ms", BigInteger, nullable=False),
    Column("last_ms", BigInteger, nullable=False),
    Column("ended_ms", BigInteger),
    Column("segments", Integer, nullable=False),
    Column("frames", BigInteger, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("dropped", Boolean, nullable=False, server_default=text("false")),  # to be deleted, page by page
    Column("name", Text),  # of one that came in as a file: the office that it shows
    Column("imported_ms", BigInteger),  # and when it came
    Index("ix_recordings_office_id", "office", "id", unique=True),
    Index("ix_recordings_ended_ms", "ended_ms"),
)

segments = Table(
    "segments",
    metadata,
    Column("recording", ForeignKey("recordings.id"), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("start_ms", BigInteger, nullable=False),
    Column("end_ms", BigInteger, nullable=False),
    Column("first", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
    Column("frames", Integer, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("markers", Text, nullable=False),
    Column("idle", Text, nullable=False),
    Column("piece", BigInteger, nullable=False),  # the first of its body's
)

pieces = Table(  # of closed segments' bodies, each one's in a row
    "pieces",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),
)

parts = Table(  # of segments that are not closed yet
    "parts",
    metadata,
    Column("recording", ForeignKey("recordings.id"), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)
