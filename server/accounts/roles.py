"""What the roles of an office allow (p)."""

from collections.abc import Mapping

from server.model import Role, Scope

ALLOWED: Mapping[Role, frozenset[Scope]] = {
    Role.OWNER: frozenset({Scope.READ, Scope.SUBMIT, Scope.CONTROL, Scope.ADMIN}),
    Role.OPERATOR: frozenset({Scope.READ, Scope.SUBMIT, Scope.CONTROL}),
    Role.VIEWER: frozenset({Scope.READ}),
    Role.GUEST: frozenset({Scope.READ}),
}
"""By role the scopes that a token or session of such a member has at most. `house` is none of them: it is the operator's."""
MEMBERS = (Role.OWNER, Role.OPERATOR, Role.VIEWER)
"""What a member can be, whoever may do most first."""


def lesser(one: Role, other: Role) -> Role:
    """Return the one of two roles that may do less."""
    return max(one, other, key=[*Role].index)
