"""What a build shows on the terminal: its steps, and a bar for each data set."""

from __future__ import annotations

import time
from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

_QUIET_SECONDS = 10.0  # between two lines where there is no terminal


class _Rows(ProgressColumn):
    """Rows read, and rows a second."""

    def render(self, task: Task) -> Text:
        rows = task.fields.get("rows")
        if rows is None:
            return Text()
        elapsed = task.elapsed or 0
        rate = f", {rows / elapsed:,.0f}/s" if elapsed > 0.5 else ""
        return Text(f"{rows:,} rows{rate}")


class BuildProgress:
    """Shows steps and bars on a terminal, and plain lines elsewhere."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._started = time.monotonic()
        self._tasks: dict[str, TaskID] = {}
        self._said = 0.0
        self._step: TaskID | None = None
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            _Rows(),
            TimeRemainingColumn(elapsed_when_finished=True),
            console=console,
            disable=not console.is_terminal,
            transient=True,
        )

    def __enter__(self) -> BuildProgress:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def step(self, text: str) -> None:
        """Show what the build does now."""
        if not self._console.is_terminal:
            self._line(text)
        elif self._step is None:
            self._step = self._progress.add_task(text, total=None)
        else:
            self._progress.update(self._step, description=text)

    def tick(self, name: str, rows: int, done: int, total: int) -> None:
        """Show how far a data set has been read, in bytes of all its files."""
        if not self._console.is_terminal:
            now = time.monotonic()
            if now - self._said >= _QUIET_SECONDS or done == total:
                self._said = now
                share = 100 * done // total if total else 100
                self._line(f"{name}: {rows:,} rows, {share} %")
            return
        if name not in self._tasks:
            self._tasks[name] = self._progress.add_task(name, total=total or 1, rows=0)
        self._progress.update(self._tasks[name], completed=done, rows=rows)

    def _line(self, text: str) -> None:
        self._console.print(f"{time.monotonic() - self._started:6.1f} s  {text}", soft_wrap=True)
