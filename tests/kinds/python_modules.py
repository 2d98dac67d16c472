"""The modules of a user's distribution, with functions of all sorts, good and bad."""

# What the tests' functions have in common with many a user's: a module named as one of ours.
MODULES = {
    "server.py": "WHO = 'the user'",
    "fns.py": """
        import asyncio, ctypes, functools, os, signal, subprocess, sys, threading, time
        import server

        class Wrong(Exception):
            retryable = False

        def whole(row, context):
            print("printed", end="")
            print("::note not a directive of this kind", file=sys.stderr)
            context.progress(0.25, "reading")
            context.note("thinking é")
            context.log("logged\\ntwice")
            context.progress(1)
            environment = {k: v for k, v in os.environ.items() if k.startswith("TENDESKS")}
            return {"row": row, "task": context.task, "attempt": context.attempt, "execution": context.execution,
                    "cancelled": context.cancelled, "env": environment, "who": server.WHO, "argv": sys.argv,
                    "stdin": sys.stdin.read(), "leader": os.getpgrp() == os.getpid()}

        def echo(row):
            return row

        async def later(row, context):
            await asyncio.sleep(0)
            context.progress(0.5)
            return [row]

        class Called:
            async def __call__(self, row):
                return "called"
        called = Called()
        part = functools.partial(lambda more, row: [more, row], 1)

        def stray(row):
            print('\\x1edone "printed"')
            os.write(1, b'\\x1edone "written"\\n')
            subprocess.run(["echo", "from a child"], check=True)
            return "returned"

        def threads(row, context):
            each = [threading.Thread(target=context.note, args=(f"note {i} " + "x" * 900,)) for i in range(50)]
            [thread.start() for thread in each]
            [thread.join() for thread in each]

        def fails(row):
            raise ValueError(f"no such row: {row['a']}")

        def is_wrong(row):
            raise Wrong("wrong for ever")

        async def fails_later(row):
            await asyncio.sleep(0)
            raise LookupError("gone")

        async def cancels_itself(row):
            asyncio.current_task().cancel()
            await asyncio.sleep(10)

        def result(row):
            return {"set": {1}, "nan": float("nan"), "half": "\\ud800", "large": "x" * 70_000,
                    "much": "x" * 60_000}[row["of"]]

        def ends(row):
            {"exit": lambda: sys.exit("said so"), "_exit": lambda: os._exit(3), "well": lambda: os._exit(0),
             "segfault": lambda: ctypes.string_at(0), "killed": lambda: os.kill(os.getpid(), signal.SIGKILL),
             "asked": lambda: os.kill(os.getpid(), signal.SIGTERM)}[row["how"]]()
            return "never"

        def half(row, context):
            os.kill(os.getpid(), signal.SIGTERM)
            while not context.cancelled:
                time.sleep(0.001)
            return "half a result"

        def dies_late(row):
            import atexit
            atexit.register(os._exit, 9)
            return "in time"

        def polls(row, context):
            print("pid", os.getpid(), flush=True)
            while not context.cancelled:
                time.sleep(0.001)
            print("asked")

        def waits(row):
            try:
                print("pid", os.getpid(), flush=True)
                threading.Event().wait()
            finally:
                print("cleaned")

        async def waits_later(row):
            try:
                print("pid", os.getpid(), flush=True)
                await asyncio.Event().wait()
            finally:
                print("cleaned")

        def deaf(row, context):
            print("pid", os.getpid(), flush=True)
            threading.Event().wait()

        def parent(row):
            process = subprocess.Popen(["sleep", "1000"])
            print("pid", process.pid, flush=True)
            process.wait()

        def none():
            pass

        text = "no function"
    """,
    "broken.py": "import no_such_module\n",
}
NAMES = (
    "whole echo later called part stray threads fails is_wrong fails_later cancels_itself result ends half dies_late"
    " polls waits waits_later deaf parent none text"
).split()
