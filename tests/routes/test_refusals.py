from server.routes import refusals
from server.routes.problem import all_errors


def test_they_are_part_of_the_vocabulary() -> None:
    ours = [
        refusals.MethodNotAllowedError,
        refusals.TooSlowError,
        refusals.UnsupportedMediaTypeError,
        refusals.HostRefusedError,
        refusals.OriginRefusedError,
        refusals.StillRunningError,
        refusals.OutcomeUnknownError,
    ]
    assert set(ours) <= set(all_errors())
    assert [error.status for error in ours] == [405, 408, 415, 403, 403, 409, 409]
