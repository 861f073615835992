"""A note and its revisions with FastAPI, SQLAlchemy and asyncpg: one transaction for each save."""

import asyncio
import os
import uuid
from datetime import UTC, datetime
from typing import Annotated

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, StringConstraints
from sqlalchemy import ForeignKey
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

POOL = 20
"""Connections of each worker."""

Text = Annotated[str, StringConstraints(max_length=100_000)]


class Base(DeclarativeBase):
    """What the tables share."""


class Note(Base):
    """A note as it is now."""

    __tablename__ = "note"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    motif: Mapped[str]
    interrogatoire: Mapped[str]
    examen: Mapped[str]
    conclusion: Mapped[str]


class Revision(Base):
    """A note as it was saved once."""

    __tablename__ = "revision"
    id: Mapped[int] = mapped_column(primary_key=True)
    note_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("note.id"), index=True)
    version: Mapped[int]
    saved_at: Mapped[datetime]
    motif: Mapped[str]
    interrogatoire: Mapped[str]
    examen: Mapped[str]
    conclusion: Mapped[str]


class Sent(BaseModel):
    """The four sections of a note."""

    motif: Text
    interrogatoire: Text
    examen: Text
    conclusion: Text


class Saved(BaseModel):
    """What a save is answered with."""

    id: uuid.UUID
    version: int


engine = create_async_engine(os.environ["PEER_DATABASE"], pool_size=POOL, max_overflow=0)
sessions = async_sessionmaker(engine, expire_on_commit=False)
app = FastAPI()


@app.post("/notes/{note_id}", status_code=201)
async def create(note_id: uuid.UUID, sent: Sent) -> Saved:
    """A new note."""
    async with sessions.begin() as session:
        session.add(Note(id=note_id, version=1, **sent.model_dump()))
    return Saved(id=note_id, version=1)


@app.put("/notes/{note_id}")
async def save(note_id: uuid.UUID, sent: Sent) -> Saved:
    """A note's next text, and its revision, in one transaction."""
    async with sessions.begin() as session:
        note = await session.get(Note, note_id, with_for_update=True)
        if note is None:
            raise HTTPException(404)
        note.version += 1
        values = sent.model_dump()
        for name, text in values.items():
            setattr(note, name, text)
        saved_at = datetime.now(UTC).replace(tzinfo=None)
        session.add(Revision(note_id=note_id, version=note.version, saved_at=saved_at, **values))
        version = note.version
    return Saved(id=note_id, version=version)


async def _make_tables() -> None:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)


if __name__ == "__main__":
    asyncio.run(_make_tables())
