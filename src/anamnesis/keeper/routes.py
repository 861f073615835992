"""The keeper's own routes, and whose they are."""

import re
from collections.abc import Awaitable, Callable, Sequence

from anamnesis.access.account import Role
from anamnesis.access.session import Session
from anamnesis.keeper.http import Answer, Refused, Request

Handler = Callable[[Request, Session], Awaitable[Answer]]
PublicHandler = Callable[[Request], Awaitable[Answer]]
Private = tuple[Handler, tuple[Role, ...]]
PRACTITIONERS: tuple[Role, ...] = ("practitioner",)
OPERATORS: tuple[Role, ...] = ("operator",)
ANYBODY: tuple[Role, ...] = ("practitioner", "operator")


class Routes:
    """The keeper's own routes: method and path pattern to handler."""

    def __init__(self) -> None:
        self._exact: dict[str, dict[str, Private]] = {}
        self._public: dict[str, dict[str, PublicHandler]] = {}
        self._patterns: list[tuple[re.Pattern[str], dict[str, Private]]] = []

    def add(
        self, method: str, path: str, handler: Handler, roles: Sequence[Role] = PRACTITIONERS
    ) -> None:
        """A route that needs a session of one of `roles`; `{}` stands for one identifier."""
        private = handler, tuple(roles)
        if "{}" not in path:
            self._exact.setdefault(path, {})[method] = private
        else:
            pattern = re.compile(re.escape(path).replace(r"\{\}", "([^/]+)") + r"\Z")
            self._patterns.append((pattern, {method: private}))

    def add_public(self, method: str, path: str, handler: PublicHandler) -> None:
        """A route that anyone may use."""
        self._public.setdefault(path, {})[method] = handler

    def public(self, method: str, path: str) -> PublicHandler | None:
        """The public handler, or None."""
        methods = self._public.get(path)
        return methods.get(method) if methods is not None else None

    def private(self, method: str, path: str, role: Role) -> Handler:
        """The handler; raises `Refused` 403, 404 or 405."""
        methods = dict(self._exact.get(path, {}))
        for pattern, matching in self._patterns:
            if pattern.match(path):
                methods |= matching
        public = self._public.get(path, {})
        if not methods and not public:
            raise Refused(404, "not-found")
        if method not in methods:
            raise Refused(405, "method-not-allowed", allow=", ".join(sorted({*methods, *public})))
        handler, roles = methods[method]
        if role not in roles:
            raise Refused(403, "role-refused")
        return handler
