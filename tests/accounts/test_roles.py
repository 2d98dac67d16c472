from itertools import pairwise

from server.accounts.roles import ALLOWED, MEMBERS, lesser
from server.model import Role, Scope


def test_each_role_may_do_less_than_the_one_before() -> None:
    assert all(ALLOWED[less] < ALLOWED[more] for more, less in pairwise(MEMBERS))
    assert ALLOWED[Role.GUEST] == {Scope.READ}


def test_no_role_of_an_office_looks_after_the_house() -> None:
    assert set(ALLOWED) == set(Role)
    assert not any(Scope.HOUSE in scopes for scopes in ALLOWED.values())


def test_the_lesser_of_two_roles() -> None:
    assert lesser(Role.OWNER, Role.VIEWER) is lesser(Role.VIEWER, Role.OWNER) is Role.VIEWER
    assert lesser(Role.OPERATOR, Role.OPERATOR) is Role.OPERATOR
