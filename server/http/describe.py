"""What a route takes and gives, said beside its handler; `openapi` makes the description of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

Handler = TypeVar("Handler", bound=Callable[..., Any])

ATTRIBUTE = "description"


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """One route. Names in the path are left out of *body* and *query* in the description."""

    summary: str
    tags: tuple[str, ...] = ()
    body: type[Any] | None = None
    query: type[Any] | None = None
    status: int = 200
    returns: Any = None
    problems: tuple[int, ...] = ()
    public: bool = False
    content: str = "application/json"
    takes: tuple[str, ...] = ()
    empty: bool = False
    others: dict[int, Any] = field(default_factory=dict)


def describe(
    *,
    summary: str,
    tags: tuple[str, ...] | list[str] | str = (),
    body: type[Any] | None = None,
    query: type[Any] | None = None,
    status: int = 200,
    returns: Any = None,
    problems: tuple[int, ...] = (),
    public: bool = False,
    content: str = "application/json",
    takes: tuple[str, ...] = (),
    empty: bool = False,
    others: dict[int, Any] | None = None,
) -> Callable[[Handler], Handler]:
    """Attach a description to a handler.

    *body* and *query* are input types; *returns* is the type of the answer, None for an answer
    without a body; *problems* are statuses beyond those every such route can give; *public* routes
    need no sign-in; *content* is the answer's content type (or several, by comma); *takes* names
    the content types of a body that is not JSON, and *empty* says that it may be empty; *others*
    are answers with another status that are no problems.
    """
    names = (tags,) if isinstance(tags, str) else tuple(tags)
    found = Description(
        summary=summary,
        tags=names,
        body=body,
        query=query,
        status=status,
        returns=returns,
        problems=problems,
        public=public,
        content=content,
        takes=takes,
        empty=empty,
        others=others or {},
    )

    def attach(handler: Handler) -> Handler:
        setattr(handler, ATTRIBUTE, found)
        return handler

    return attach


def description_of(handler: Any) -> Description | None:
    """What was said of the handler, if anything."""
    found: Description | None = getattr(handler, ATTRIBUTE, None)
    return found
