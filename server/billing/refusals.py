"""Errors of buying and paying."""

from server.errors import ConflictError, InvalidInputError, UnavailableError


class NotSetUpError(ConflictError):
    """Nothing is sold on this server: its operator has not set up Stripe, or it is a local one, where nothing is gated."""

    code = "billing_not_set_up"
    title = "Billing is not set up here"

    def __init__(self, detail: str = "billing is not set up here; ask the operator of this server") -> None:
        super().__init__(detail)


class NoCustomerError(ConflictError):
    """Nothing was ever bought for this account, so there is nothing to look after: begin a checkout."""

    code = "no_customer"
    title = "Nothing was bought yet"

    def __init__(self, detail: str = "nothing was bought for this account yet; choose a plan first") -> None:
        super().__init__(detail)


class PaidAlreadyError(ConflictError):
    """The account pays for this plan already: it is there, or comes within seconds."""

    code = "paid_already"
    title = "This is paid already"


class PaysStillError(ConflictError):
    """The account pays for a subscription that renews: cancel it first, on Stripe's pages."""

    code = "pays_still"
    title = "A subscription goes on"

    def __init__(
        self,
        detail: str = 'this account pays for a plan that renews: cancel it first, under "Invoices and payment"',
    ) -> None:
        super().__init__(detail)


class StripeDownError(UnavailableError):
    """Stripe did not answer, or not so that it could be used: try again later, nothing was bought."""

    code = "stripe_down"
    title = "Stripe does not answer"

    def __init__(
        self,
        detail: str = "Stripe does not answer as it should just now: nothing was bought or changed; try again in a minute",
    ) -> None:
        super().__init__(detail)


class ForgedError(InvalidInputError):
    """Not signed with a secret of ours: whoever sent this was not Stripe, or the secret in the settings is another one."""

    code = "forged"
    title = "Not signed by Stripe"


class LateError(InvalidInputError):
    """Signed, but too long ago: somebody may have kept it. Stripe signs anew each time it sends an event."""

    code = "late"
    title = "Signed too long ago"
