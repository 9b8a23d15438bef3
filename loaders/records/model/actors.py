"""Actors, posts and tenures. Person, post and tenure are three things."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import model_validator

from crisisgov.loaders.records.model.base import (
    Check,
    Citations,
    Function,
    Id,
    Identifiers,
    Label,
    Level,
    Period,
    Record,
    Ref,
    Text,
)

ActorRef = Annotated[str, Ref("actor")]


class ActorKind(StrEnum):
    """What kind of actor; each is an OWL class."""

    government = "government"
    body = "body"
    party_organ = "party-organ"
    command_body = "command-body"
    company = "company"
    organisation = "organisation"
    medium = "medium"
    person = "person"
    collective = "collective"


class Actor(Record):
    """Somebody who can know, act or fail to act."""

    id: Id
    kind: ActorKind
    """government (of a place), body (department, CDC, hospital ...), party-organ,
    command-body (temporary), company, organisation, medium, person, collective
    (an unnamed group that a source speaks of)."""
    label: Label
    function: Function | None = None
    """What it is there for; required for bodies, governments and Party organs."""
    level: Level | None = None
    native_level: Text | None = None
    """The level's own name, e.g. 地级市."""
    jurisdiction: Annotated[str, Ref("place")] | None = None
    """The place it is responsible for."""
    part_of: ActorRef | None = None
    """The government or body of which it is a department or unit (never a higher government)."""
    reports_to: list[ActorRef] = []
    """Superiors in the line of reporting; more than one where subordination is dual."""
    acts_for: list[ActorRef] = []
    """Governments or states whose act its act counts as by a stated rule."""
    existed: Period | None = None
    succeeds: ActorRef | None = None
    """Whose place it took when it began: what that one did, knew and owed counts for it."""
    identifiers: Identifiers = Identifiers()
    note: Text | None = None

    @model_validator(mode="after")
    def _succeeds_from(self) -> Actor:
        if self.succeeds is not None and (self.existed is None or self.existed.begin is None):
            raise ValueError(
                "`succeeds` needs `existed` with `begin`: from then it stands in the other's place"
            )
        return self


class Post(Record):
    """An office that persons hold one after another."""

    id: Id
    label: Label
    of: ActorRef
    """The body in which the post stands."""


class Tenure(Record):
    """A person holding a post over a period."""

    id: Id
    person: ActorRef
    post: Annotated[str, Ref("post")]
    held: Period
    checked: Check
    citations: Citations


class ActorFile(Record):
    """A file in ``seeds/actors``."""

    actors: list[Actor] = []
    posts: list[Post] = []
    tenures: list[Tenure] = []


__all__ = ["Actor", "ActorFile", "ActorKind", "ActorRef", "Post", "Tenure"]
