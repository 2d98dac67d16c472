"""What people may do to the queue: each is one write transaction, then the index, the news, and a wake."""

from functools import partial

from sqlalchemy.ext.asyncio import AsyncConnection

from server.billing.contract import Decide
from server.billing.tiers import tier_named
from server.errors import AlreadyEndedError, ConflictError, InvalidInputError, NotFoundError
from server.model import PRIORITIES, TaskState
from server.scheduler.account import PlanChange
from server.scheduler.engine import Engine
from server.scheduler.figures import Figures
from server.scheduler.index import Batch, Office
from server.scheduler.telling import told
from server.store import accounts, batches, keys, offices, tasks
from server.store.accounts import Standing
from server.store.audit import Deed, add_deed
from server.store.batches import BatchRow
from server.store.clearing import cleared_ms
from server.store.database import Transaction
from server.store.statements import carry_out
from server.store.tasks import TaskRow
from simulation.inputs import Input, OfficeChanged, SlotsChanged

OWN = "own:"
"""So the names of users' own keys begin: see `server/kinds/own_keys.py`."""


class Control:
    """The calls of the Scheduler that change the queue; see there for what they raise."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def pause(self, office_id: str, batch_id: str) -> BatchRow:
        """Start nothing more of a batch."""
        async with self._engine.change(office_id) as (tx, office):
            batch = await self._open_batch(tx, office, batch_id)
            figures = batch.figures.copied()
            figures.pause()
            await self._write(tx, office, batch, figures)
        return self._engine.row(office, batch)

    async def resume(self, office_id: str, batch_id: str) -> BatchRow:
        """Take a pause back."""
        async with self._engine.change(office_id) as (tx, office):
            batch = await self._open_batch(tx, office, batch_id)
            figures = batch.figures.copied()
            figures.resume()
            tx.then(partial(office.excuse, batch))
            await self._write(tx, office, batch, figures)
        return self._engine.row(office, batch)

    async def cancel(self, office_id: str, batch_id: str) -> BatchRow:
        """Cancel what waits, ask what runs to end."""
        async with self._engine.change(office_id) as (tx, office):
            batch = await self._open_batch(tx, office, batch_id)
            figures = batch.figures.copied()
            figures.cancel_waiting()
            await tasks.cancel_batch(tx.conn, batch.id)
            tx.then(partial(self._ask, office, batch, None))
            tx.then(partial(office.forget, batch))
            await self._write(tx, office, batch, figures)
        return self._engine.row(office, batch)

    async def retry(self, office_id: str, batch_id: str, why: str | None = None) -> BatchRow:
        """Put the failed tasks of a batch, or those that failed for this one, back to waiting."""
        async with self._engine.change(office_id) as (tx, office):
            batch = await self._engine.batch(tx.conn, office, batch_id)
            await check_content(tx.conn, batch.id)
            count = await tasks.retry_batch(tx.conn, batch.id, why)
            if not count:
                raise ConflictError(f"batch {batch_id}: expected failed tasks to retry, there are none")
            figures = batch.figures.copied()
            figures.retry_failed(count)
            tx.then(partial(batch.window.reread, 0))
            await self._write(tx, office, batch, figures)
        return self._engine.row(office, batch)

    async def patch(
        self, office_id: str, batch_id: str, *, name: str | None, priority: int | None, slots: int | None
    ) -> BatchRow:
        """Change what a user may change of a batch."""
        if priority is not None and priority not in PRIORITIES:
            raise InvalidInputError(f"priority: expected 1, 2 or 4, got {priority}")
        if slots is not None and slots < 0:
            raise InvalidInputError(f"slots: expected a cap from 1, or 0 for none, got {slots}")
        async with self._engine.change(office_id) as (tx, office):
            batch = await self._engine.batch(tx.conn, office, batch_id)
            named = batch.name if name is None else name
            weight = batch.priority if priority is None else priority
            cap = batch.slots if slots is None else slots or None
            await batches.patch(tx.conn, batch.id, name=named, priority=weight, slots=cap)
            tx.then(partial(self._patched, office, batch, named, weight, cap))
        return self._engine.row(office, batch)

    async def cancel_task(self, office_id: str, task_id: str) -> None:
        """Cancel a task that waits, ask one that runs to end."""
        async with self._engine.change(office_id) as (tx, office):
            task, batch = await self._task(tx, office, task_id)
            if task.state is TaskState.RUNNING:
                await tasks.ask(tx.conn, task.id)
                tx.then(partial(self._ask, office, batch, task.id))
            elif task.state is TaskState.WAITING:
                figures = batch.figures.copied()
                figures.cancel_one()
                await tasks.cancel(tx.conn, task.id)
                tx.then(partial(office.forget, batch, task.id))
                await self._write(tx, office, batch, figures)
            else:
                raise AlreadyEndedError(
                    f"task {task_id}: expected one that waits or runs, it is {task.state}"
                )

    async def retry_task(self, office_id: str, task_id: str) -> None:
        """Put a failed or cancelled task back to waiting."""
        async with self._engine.change(office_id) as (tx, office):
            task, batch = await self._task(tx, office, task_id)
            await check_content(tx.conn, batch.id)
            figures = batch.figures.copied()
            if task.state is TaskState.FAILED:
                figures.retry_failed(1)
            elif task.state is TaskState.CANCELLED:
                figures.retry_cancelled()
            else:
                raise ConflictError(
                    f"task {task_id}: expected one that failed or was cancelled, it is {task.state}"
                )
            await tasks.retry(tx.conn, task.id)
            tx.then(partial(batch.window.reread, task.position))
            await self._write(tx, office, batch, figures)

    async def change_tier(self, account: str, tier: str) -> None:
        """Change an account's tier."""
        await self.change_plan(account, PlanChange(tier=tier), None)

    async def change_plan(self, account: str, change: PlanChange, deed: Deed | None) -> None:
        """Change what an operator may change of an account, and write the deed down with it."""
        if change.tier is not None:
            tier_named(change.tier, self._engine.tiers)
        for name, number in change.numbers().items():
            if number < 0:
                raise InvalidInputError(
                    f"{name}: expected a number from 1, or 0 for those of the tier, got {number}"
                )
        async with self._engine.change(await self._office_of(account)) as (tx, office):
            standing = await self._write_plan(tx, office.account, change)
            if deed is not None:
                await add_deed(tx.conn, self._engine.ids, deed)
            tx.then(partial(self._replanned, office, change, standing.still))

    async def change_deletion(self, account: str, deletes_ms: int | None, deed: Deed) -> None:
        """Write when an account is deleted, or that it is kept, and the deed with it."""
        async with self._engine.change(await self._office_of(account)) as (tx, office):
            await accounts.write_deletion(tx.conn, account, deletes_ms)
            await add_deed(tx.conn, self._engine.ids, deed)
            standing = await self._standing(tx, account)
            tx.then(partial(self._replanned, office, PlanChange(), standing.still))

    async def settle_plan(self, account: str, decide: Decide) -> None:
        """Give an account the tier that is decided within the transaction, which holds what the decision writes too."""
        async with self._engine.change(await self._office_of(account)) as (tx, office):
            plan = await decide(tx)
            if plan is None:
                return
            change = PlanChange(tier=tier_named(plan.tier, self._engine.tiers).name)
            standing = await self._write_plan(tx, office.account, change)
            await add_deed(tx.conn, self._engine.ids, plan.deed)
            tx.then(partial(self._replanned, office, change, standing.still))

    async def keys_changed(self, account: str) -> None:
        """Look which own keys there are now."""
        async with self._engine.db.read() as conn:
            office_id = await accounts.office_of(conn, account)
        if office_id is None:
            return
        async with self._engine.change(office_id) as (tx, office):
            keyed = await keys.is_keyed(tx.conn, account)

            def changed() -> None:
                office.keyed = keyed
                _forget_own_keys(office)
                self._rearranged(office)

            tx.then(changed)

    async def rename_office(self, office_id: str, name: str) -> None:
        """Give an office another name."""
        async with self._engine.change(office_id) as (tx, office):
            await offices.rename(tx.conn, office_id, name)

            def changed() -> None:
                office.name = name
                self._engine.tell(office, [], [OfficeChanged(name=name, tier=office.tier.name)])

            tx.then(changed)

    async def _write_plan(self, tx: Transaction, account: str, change: PlanChange) -> Standing:
        """Write what is changed, and return how the account stands then."""
        before = await self._standing(tx, account)
        if change.tier is not None:
            await accounts.change_tier(tx.conn, account, change.tier)
        for name, number in change.numbers().items():
            await accounts.change_number(tx.conn, account, name, number or None)
        if change.suspended is not None and change.suspended != (before.suspended_ms is not None):
            since_ms = self._engine.clock.now_ms() if change.suspended else None
            await accounts.suspend(tx.conn, account, since_ms)
        return await self._standing(tx, account)

    async def _office_of(self, account: str) -> str:
        async with self._engine.db.read() as conn:
            office_id = await accounts.office_of(conn, account)
        if office_id is None:
            raise NotFoundError(f"account: there is no {account!r}")
        return office_id

    async def _standing(self, tx: Transaction, account: str) -> Standing:
        found = await accounts.standing_of(tx.conn, account)
        if found is None:
            raise NotFoundError(f"account: there is no {account!r}")
        return found

    async def _open_batch(self, tx: Transaction, office: Office, batch_id: str) -> Batch:
        batch = await self._engine.batch(tx.conn, office, batch_id)
        if batch.figures.ended:
            raise AlreadyEndedError(f"batch {batch_id}: expected one under way, it is {batch.figures.state}")
        return batch

    async def _task(self, tx: Transaction, office: Office, task_id: str) -> tuple[TaskRow, Batch]:
        task = await tasks.task_row(tx.conn, office.id, task_id)
        if task is None:
            raise NotFoundError(f"task: there is no {task_id!r} in this office")
        return task, await self._engine.batch(tx.conn, office, task.batch)

    async def _write(self, tx: Transaction, office: Office, batch: Batch, figures: Figures) -> None:
        figures.settle(self._engine.clock.now_ms())
        moved, turn = batches.move([(batch.id, *figures.columns())]), (office.id, office.ledger.turn)
        said = told([(office, batch, figures)], self._engine.herald)
        await carry_out(tx.conn, [moved, offices.write_turns([turn]), *said])
        tx.then(partial(self._engine.install, office, batch, figures))
        if said:
            tx.then(self._engine.herald.wake)

    def _ask(self, office: Office, batch: Batch, task: str | None) -> None:
        """Ask what runs of a batch, or one task of it, to end."""
        for running in list(office.executions.values()):
            if running.batch is batch and task in (None, running.task):
                running.cancelling = True
                self._engine.runner.cancel(running.id)

    def _patched(self, office: Office, batch: Batch, name: str, priority: int, slots: int | None) -> None:
        batch.name, batch.priority, batch.slots = name, priority, slots
        if batch.id in office.batches:
            self._engine.install(office, batch, batch.figures)

    def _replanned(self, office: Office, change: PlanChange, still: bool) -> None:
        """Another tier or other numbers: another quota, another weight, more or less that may start."""
        if change.tier is not None:
            office.tier = self._engine.tiers[change.tier]
        if change.slots is not None:
            office.own_slots = change.slots or None
        if change.quota is not None:
            office.own_quota = change.quota or None
        office.suspended = still
        self._rearranged(office)

    def _rearranged(self, office: Office) -> None:
        """Look at all of an office anew, and tell of it."""
        engine = self._engine
        engine.herald.wake()  # another plan may have webhooks
        engine.index.offer_all(office)
        office.reckoned_ms = None
        facts: list[Input] = [
            OfficeChanged(name=office.name, tier=office.tier.name), SlotsChanged(slots=office.slots)
        ]  # fmt: skip
        engine.look_at(office)
        engine.tell(office, [], facts)


async def check_content(conn: AsyncConnection, batch: str) -> None:
    """Raise ConflictError where a batch's inputs are gone: there is nothing that could be tried again."""
    if await cleared_ms(conn, batch) is not None:
        raise ConflictError(
            "batch: expected one with its inputs, this one's were deleted as its account wishes"
        )


def _forget_own_keys(office: Office) -> None:
    """What shuts a key that may be another one now holds nothing back; what is refused still is shut again at once."""
    for key in [key for key in office.shut if key.startswith(OWN)]:
        del office.shut[key]
    for batch in office.batches.values():
        if batch.rate_key is not None and batch.rate_key.startswith(OWN):
            batch.rate_key = None
