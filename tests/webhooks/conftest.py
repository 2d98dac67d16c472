from tests.routes.conftest import front

__all__ = ["front"]
