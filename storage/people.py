"""Companies and their people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pymongo import InsertOne, ReturnDocument, UpdateOne
from pymongo.errors import BulkWriteError, DuplicateKeyError

from storage.cache import Cache
from storage.contact_words import keep_words
from storage.documents import from_document, to_document
from storage.models import Org, User
from storage.people_terms import SEARCHED, searched_document, terms_of_person
from storage.terms import Wanted, query_of, typed
from storage.transactions import in_transaction


class Taken(Exception):  # reads as what it tells
    """Another has this already; *field* tells what."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class OrgStore:
    """Companies."""

    def __init__(self, database: Any) -> None:
        self._orgs = database["orgs"]
        self.cache: Cache[Org] = Cache(self._find_many)

    async def prepare(self) -> None:
        """Nothing beyond the id is looked up."""

    async def get(self, org_id: str) -> Org | None:
        """The company, from memory when it is at hand."""
        return self.cache.peek(org_id) or await self.cache.get(org_id)

    async def find(self, org_id: str) -> Org | None:
        """The company as it is now."""
        document = await self._orgs.find_one({"_id": org_id})
        return from_document(document, Org) if document else None

    async def _find_many(self, org_ids: list[str]) -> dict[str, Org]:
        found = self._orgs.find({"_id": {"$in": org_ids}})
        return {each["_id"]: from_document(each, Org) async for each in found}

    async def all(self) -> list[Org]:
        """Every company, oldest first."""
        return [from_document(each, Org) async for each in self._orgs.find().sort("_id", 1)]

    async def add(self, org: Org) -> Org:
        """Keep a new company."""
        await self._orgs.insert_one(to_document(org))
        return org

    async def update(self, org_id: str, **changes: Any) -> Org | None:
        """Change these fields; the company as it then is, or None when there is none."""
        document = await self._orgs.find_one_and_update(
            {"_id": org_id}, {"$set": changes}, return_document=ReturnDocument.AFTER
        )
        self.cache.forget(org_id)
        return from_document(document, Org) if document else None

    async def remove(self, org_id: str) -> None:
        """Drop a company that never got any people."""
        await self._orgs.delete_one({"_id": org_id})
        self.cache.forget(org_id)


class UserStore:
    """People and bots. An e-mail address is one person's in the whole installation."""

    def __init__(self, database: Any) -> None:
        self._database = database
        self._users = database["users"]
        self._orgs = database["orgs"]
        self._words = database["contact_words"]
        self.cache: Cache[User] = Cache(self._find_many)

    async def prepare(self) -> None:
        """Create the indexes: e-mail (bots have none), handle within the company."""
        await self._users.create_index(
            "email", unique=True, partialFilterExpression={"email": {"$gt": ""}}
        )
        await self._users.create_index([("org_id", 1), ("handle", 1)], unique=True)
        await self._users.create_index([("org_id", 1), ("role", 1)])
        await self._users.create_index([("org_id", 1), ("delegates", 1)])
        await self._users.create_index(
            [("org_id", 1), ("auto_gone", 1)], partialFilterExpression={"auto_gone": True}
        )
        await self._users.create_index([("org_id", 1), ("terms", 1)])
        await self._users.create_index("demo", partialFilterExpression={"demo": True})

    async def get(self, user_id: str) -> User | None:
        """The person, from memory when they are at hand."""
        return self.cache.peek(user_id) or await self.cache.get(user_id)

    async def find(self, user_id: str) -> User | None:
        """The person as they are now."""
        document = await self._users.find_one({"_id": user_id})
        return from_document(document, User) if document else None

    async def _find_many(self, user_ids: list[str]) -> dict[str, User]:
        found = self._users.find({"_id": {"$in": user_ids}})
        return {each["_id"]: from_document(each, User) async for each in found}

    async def in_org(self, user_id: str, org_id: str) -> User | None:
        """The person as they are now, if they are of this company."""
        document = await self._users.find_one({"_id": user_id, "org_id": org_id})
        return from_document(document, User) if document else None

    async def of_org(self, org_id: str) -> list[User]:
        """Everyone of the company, by name."""
        found = self._users.find({"org_id": org_id}).sort([("name", 1), ("_id", 1)])
        return [from_document(each, User) async for each in found]

    async def by_email(self, email: str) -> User | None:
        """Whose address this is, in any company; capitals do not matter."""
        if not email:
            return None
        document = await self._users.find_one({"email": email.strip().lower()})
        return from_document(document, User) if document else None

    async def by_emails(self, emails: Iterable[str]) -> list[User]:
        """Whose addresses these are, in any company: callers check the company."""
        wanted = [email.strip().lower() for email in emails if email.strip()]
        found = self._users.find({"email": {"$in": wanted}})
        return [from_document(each, User) async for each in found]

    async def by_handles(self, org_id: str, handles: Iterable[str]) -> list[User]:
        """Who in the company is written so after @; capitals do not matter."""
        wanted = sorted({handle.lower() for handle in handles})
        if not wanted:
            return []
        found = self._users.find({"org_id": org_id, "handle": {"$in": wanted}})
        return [from_document(each, User) async for each in found]

    async def get_many(self, user_ids: Iterable[str]) -> list[User]:
        """Those of these people whom there are, from memory when they are at hand."""
        return list((await self.cache.get_many(user_ids)).values())

    async def delegates(self, org_id: str, user_ids: list[str]) -> set[str]:
        """Which of these people a colleague asked to choose activities."""
        wanted = {"org_id": org_id, "delegates": {"$in": user_ids}}
        found = await self._users.find(wanted, {"delegates": 1}).to_list(None)
        named = {user_id for each in found for user_id in each["delegates"]}
        return named.intersection(user_ids)

    async def leaving_by_themselves(self, org_ids: list[str]) -> list[User]:
        """People of these companies who have gone for the day outside of work, by themselves."""
        wanted = {"org_id": {"$in": org_ids}, "auto_gone": True, "blocked": False}
        found = self._users.find(wanted)
        users: list[User] = []
        while some := await found.to_list(1000):
            users += [from_document(each, User) for each in some]
        return users

    async def handles(self, org_id: str) -> set[str]:
        """All handles taken in the company."""
        found = self._users.find({"org_id": org_id}, {"handle": 1})
        return {each["handle"] async for each in found}

    async def add(self, user: User) -> User:
        """Keep a new person. Raises Taken("email") or Taken("handle")."""
        try:
            await self._users.insert_one(searched_document(user))
        except DuplicateKeyError as error:
            raise _taken(error.details) from None
        await keep_words(self._words, user.org_id, typed(terms_of_person(user)["terms"]))
        return user

    async def update(self, user_id: str, org_id: str, **changes: Any) -> User | None:
        """Change these fields of a person of the company; None when they are not of it.

        Raises Taken("email") or Taken("handle").
        """
        return await self._update(user_id, org_id, changes)

    async def update_keeping_an_admin(
        self, user_id: str, org_id: str, **changes: Any
    ) -> User | None:
        """Like update, undone when it would leave a company that has people without an admin.

        Raises Taken("admin") then: two admins who demote each other at once cannot both succeed.
        """

        async def work(session: Any) -> User | None:
            # Writing the company first makes such changes wait for each other.
            await self._orgs.update_one({"_id": org_id}, {"$inc": {"guard": 1}}, session=session)
            user = await self._update(user_id, org_id, changes, session=session)
            if user is not None and not await self._has_admin(org_id, session):
                raise Taken("admin")
            return user

        user = await in_transaction(self._database, work)
        self.cache.forget(user_id)
        return user

    async def _update(
        self, user_id: str, org_id: str, changes: dict[str, Any], session: Any = None
    ) -> User | None:
        if "phones" in changes:
            changes = {**changes, "phones": [to_document(each) for each in changes["phones"]]}
        try:
            document = await self._users.find_one_and_update(
                {"_id": user_id, "org_id": org_id},
                {"$set": changes},
                return_document=ReturnDocument.AFTER,
                session=session,
            )
        except DuplicateKeyError as error:
            raise _taken(error.details) from None
        user = from_document(document, User) if document else None
        if user is not None and not SEARCHED.isdisjoint(changes):
            await self._keep_terms(user, session)
        self.cache.forget(user_id)
        return user

    async def _keep_terms(self, user: User, session: Any) -> None:
        """Make the person found by what they are now, unless they have changed again since."""
        document = searched_document(user)
        terms = terms_of_person(user)
        same = {"_id": user.id, **{name: document[name] for name in SEARCHED}}
        await self._users.update_one(same, {"$set": terms}, session=session)
        await keep_words(self._words, user.org_id, typed(terms["terms"]))

    async def save_all(self, org_id: str, added: list[User], changed: list[User]) -> None:
        """New and changed people of the company, all or none. Raises Taken, also for "admin".

        What each person alone decides (password, note, picture …) is not written for the changed.
        """
        orders: list[Any] = [InsertOne(searched_document(user)) for user in added]
        orders += [_imported(user) for user in changed]
        if not orders:
            return

        async def work(session: Any) -> None:
            await self._orgs.update_one({"_id": org_id}, {"$inc": {"guard": 1}}, session=session)
            had_admin = await self._has_admin(org_id, session)
            await self._users.bulk_write(orders, session=session)
            if had_admin and not await self._has_admin(org_id, session):
                raise Taken("admin")

        try:
            await in_transaction(self._database, work)
        except BulkWriteError as error:
            raise _taken(error.details["writeErrors"][0]) from None
        for user in changed:
            self.cache.forget(user.id)
            await self._keep_terms(await self.find(user.id) or user, None)
        words = {word for user in added for word in typed(terms_of_person(user)["terms"])}
        await keep_words(self._words, org_id, words)

    async def matching(
        self,
        org_id: str,
        words: Sequence[Wanted],
        also: Mapping[int, Sequence[str]],
        limit: int,
    ) -> list[User]:
        """People of the company who have every word, blocked ones and bots aside.

        *also* tells by a word's place who else is found by it: for what they do just now, or by a
        number of the company's plan.
        """
        found_by = [
            {"$or": [query_of(word, ()), {"_id": {"$in": list(also[place])}}]}
            if place in also
            else query_of(word, ())
            for place, word in enumerate(words)
        ]
        query = {"org_id": org_id, "blocked": False, "role": {"$ne": "bot"}, "$and": found_by}
        found = await self._users.find(query).limit(limit).to_list(None)
        return [from_document(each, User) for each in found]

    async def ids_of_org(self, org_id: str) -> list[str]:
        """The ids of the company's people, blocked ones and bots aside."""
        people = {"org_id": org_id, "blocked": False, "role": {"$ne": "bot"}}
        return [each["_id"] for each in await self._users.find(people, {"_id": 1}).to_list(None)]

    async def _has_admin(self, org_id: str, session: Any) -> bool:
        admins = {"org_id": org_id, "role": {"$in": ["admin", "operator"]}, "blocked": False}
        return await self._users.find_one(admins, session=session) is not None

    async def seen(self, user_id: str, moment: Any) -> None:
        """They were here at *moment*."""
        await self._users.update_one({"_id": user_id}, {"$max": {"last_seen_at": moment}})

    async def count(self, org_id: str) -> int:
        """How many people the company has, bots aside."""
        count: int = await self._users.count_documents({"org_id": org_id, "role": {"$ne": "bot"}})
        return count

    async def counts(self) -> dict[str, int]:
        """How many people each company has, bots aside: company id to number."""
        steps = [
            {"$match": {"role": {"$ne": "bot"}}},
            {"$group": {"_id": "$org_id", "people": {"$sum": 1}}},
        ]
        return {each["_id"]: each["people"] async for each in self._users.aggregate(steps)}

    async def of_demo(self) -> list[User]:
        """People who still have the demo's password, oldest first."""
        found = self._users.find({"demo": True, "blocked": False}).sort("_id", 1)
        return [from_document(each, User) async for each in found]


IMPORTED = ("name", "plan", "role", "title", "department", "phones", "language")


def _imported(user: User) -> UpdateOne:
    document = to_document(user)
    changes = {name: document[name] for name in IMPORTED}
    return UpdateOne({"_id": user.id, "org_id": user.org_id}, {"$set": changes})


def _taken(details: Any) -> Taken:
    pattern = (details or {}).get("keyPattern", {})
    return Taken("handle" if "handle" in pattern else "email")
