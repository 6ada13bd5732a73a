"""Dask's workers: local processes, or a cluster by its scheduler's address.

One county is one task. A worker has one thread, and no county waits on a worker: the next one is handed out when one
comes back. A worker that dies (out of memory, say) is replaced, its county is planned once more, alone, at the end, and
then given up. Whoever reaches a Dask scheduler can run any program on its workers: it belongs on a trusted network, or
behind TLS.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from junheng.documents.faults import Phrase
from junheng.fleet.counties import FleetError
from junheng.fleet.running import plan_task
from junheng.fleet.tasks import Outcome, Task

ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "POLARS_MAX_THREADS": "1",
}
"""What keeps the libraries under the planner from starting threads of their own beside the other workers."""
CONFIGURATION = {
    "distributed.nanny.pre-spawn-environ": ONE_THREAD,
    "distributed.scheduler.allowed-failures": 0,
    "distributed.scheduler.worker-ttl": None,
    "distributed.deploy.lost-worker-timeout": "1h",
    "distributed.comm.timeouts.connect": "120s",
    "distributed.scheduler.work-stealing": False,
    "distributed.worker.profile.enabled": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": 0.95,
    "distributed.admin.tick.limit": "1h",
    "distributed.comm.timeouts.tcp": "600s",
}
"""A solver holds a worker's interpreter for seconds: heartbeats are late and no worker is dead for that.

A worker that died is replaced however long the start of another takes on a busy machine."""
TLS_FILES = {"tls_ca_file": "ca.pem", "tls_client_cert": "cert.pem", "tls_client_key": "key.pem"}
CONNECT_SECONDS = 20


@contextmanager
def local_workers(processes: int, memory: str = "auto") -> Iterator[DaskWorkers]:
    """Worker processes on this machine; ``memory`` is each one's limit, as ``2GB``. Raises :class:`FleetError`."""
    distributed, dask = _imported()
    with dask.config.set(CONFIGURATION), _quiet():
        try:
            with _interrupts_are_ours():
                cluster = distributed.LocalCluster(
                    n_workers=processes,
                    threads_per_worker=1,
                    processes=True,
                    memory_limit=memory,
                    dashboard_address="127.0.0.1:0",
                    worker_dashboard_address=None,
                    silence_logs=logging.CRITICAL,
                )
        except (ValueError, OSError) as fault:
            raise FleetError(f"本机工作进程不能启动：{fault}", f"the local workers cannot start: {fault}") from fault
        with cluster, distributed.Client(cluster, set_as_default=False) as client:
            yield DaskWorkers(client, processes, see_our_disk=True)


@contextmanager
def cluster_workers(address: str, version: str, security: Path | None = None) -> Iterator[DaskWorkers]:
    """The workers of a cluster. ``security`` is a folder with ``ca.pem cert.pem key.pem`` for TLS.

    Counties travel to the workers as bytes: they need no common disk, only Junheng in this version. Raises
    :class:`FleetError` when nobody answers, there is no worker or a worker has another version.
    """
    distributed, dask = _imported()
    with dask.config.set(CONFIGURATION), _quiet():
        try:
            client = distributed.Client(
                address, timeout=CONNECT_SECONDS, set_as_default=False, security=_security(distributed, security)
            )
        except (OSError, ValueError, TypeError) as fault:
            raise FleetError(
                f"--scheduler {address}：连接不上（{fault}）", f"--scheduler {address}: no connection ({fault})"
            ) from fault
        with client:
            yield DaskWorkers(client, _workers_of(client, address, version), see_our_disk=False)


def _workers_of(client: Any, address: str, version: str) -> int:
    threads: int = sum(client.nthreads().values())
    if not threads:
        raise FleetError(
            f"--scheduler {address}：没有工作进程，请先启动 dask worker",
            f"--scheduler {address}: it has no workers; start dask worker first",
        )
    odd = {place: each for place, each in client.run(_version).items() if each != version}
    if odd:
        place, each = sorted(odd.items())[0]
        raise FleetError(
            f"{place} 上的均衡版本是 {each or '（未安装）'}，这里是 {version}；请装成同一版本",
            f"{place} has Junheng {each or '(none)'}, here it is {version}; install the same version",
        )
    return threads


def _version() -> str:
    """The version of Junheng on a worker."""
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - runs on a worker

    try:
        return version("junheng")
    except PackageNotFoundError:
        return ""


def _imported() -> tuple[Any, Any]:
    try:
        import dask  # noqa: PLC0415 - an extra, needed here only
        import distributed  # noqa: PLC0415
    except ImportError as fault:
        raise FleetError(
            "多进程计算需要 Dask：请安装 junheng[cluster]，或用 --workers 0 在本进程内逐县计算",
            "several workers need Dask: install junheng[cluster], or plan in this process with --workers 0",
        ) from fault
    return distributed, dask


def _security(distributed: Any, folder: Path | None) -> Any:
    if folder is None:
        return None
    files = {name: folder / file for name, file in TLS_FILES.items()}
    for path in files.values():
        if not path.is_file():
            raise FleetError(
                f"--security {folder}：缺少 {path.name}，应有 {'、'.join(TLS_FILES.values())}",
                f"--security {folder}: {path.name} is missing; expected {', '.join(TLS_FILES.values())}",
            )
    return distributed.Security(require_encryption=True, **{name: str(path) for name, path in files.items()})


@contextmanager
def _interrupts_are_ours() -> Iterator[None]:
    """Processes started in here ignore Ctrl-C, which reaches a terminal's whole group: we end them in order."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _quiet() -> Iterator[None]:
    """Silences what Dask logs in this process: what matters is said by the outcomes."""
    loggers = [logging.getLogger(name) for name in ("distributed", "tornado", "asyncio")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


class DaskWorkers:
    """The workers behind a client; see :class:`junheng.fleet.running.Workers`."""

    def __init__(self, client: Any, count: int, *, see_our_disk: bool) -> None:
        self.client, self.count, self.see_our_disk = client, count, see_our_disk

    def run(self, tasks: Iterator[Task]) -> Iterator[Outcome]:
        """What came of each task, as they finish; those whose worker died once more at the end, one by one."""
        orphans: list[Task] = []
        for task, outcome in self._finished(tasks, at_once=self.count):
            if isinstance(outcome, Outcome):
                yield outcome
            else:
                orphans.append(task)
        for task, outcome in self._finished(iter(orphans), at_once=1):
            yield outcome if isinstance(outcome, Outcome) else _given_up(task, outcome)

    def _finished(self, tasks: Iterator[Task], at_once: int) -> Iterator[tuple[Task, Outcome | BaseException]]:
        """Each task with its outcome, or with why it has none; never more than ``at_once`` are out."""
        distributed, _ = _imported()
        out: dict[Any, Task] = {}
        finished = distributed.as_completed(loop=self.client.loop)

        def hand_out() -> None:
            task = next(tasks, None)
            if task is not None:
                future = self._submit(task)
                out[future.key] = task
                finished.add(future)

        try:
            for _ in range(at_once):
                hand_out()
            for future in finished:
                outcome = _outcome_of(future)
                hand_out()
                yield out.pop(future.key), outcome
                future.release()
        finally:
            if out:
                self.client.cancel(list(out))

    def _submit(self, task: Task) -> Any:
        return self.client.submit(_on_worker, task, pure=False, key=f"county-{task.id}-{id(task)}", retries=0)


def _on_worker(task: Task) -> Outcome:
    """Plans a county; Ctrl-C, which reaches a terminal's whole group, ends it without a trace of its own."""
    try:
        return plan_task(task)
    except KeyboardInterrupt:
        return Outcome(id=task.id, status="failed", error=Phrase("已中断", "interrupted"))


def _outcome_of(future: Any) -> Outcome | BaseException:
    """What came of a task, fetched before its worker gets another; the exception where its worker died."""
    try:
        outcome: Outcome = future.result()
    except Exception as fault:  # Dask's, for a county's own is in its outcome
        return fault
    return outcome


def _given_up(task: Task, fault: BaseException) -> Outcome:
    return Outcome(
        id=task.id,
        status="failed",
        error=Phrase(
            f"工作进程两次中途退出，可能是内存不足（{type(fault).__name__}: {fault}）",
            f"its worker died twice, perhaps out of memory ({type(fault).__name__}: {fault})",
        ),
    )
