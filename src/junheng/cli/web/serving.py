"""junheng web serve, and junheng web worker: the site and its background work, until Ctrl-C."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Event
from time import monotonic
from typing import Annotated

import typer
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from junheng.cli.speaking import NO, Lang, LangOption, Voice, both
from junheng.cli.web.refusing import not_ready
from junheng.web.records.jobs.signals import listening
from junheng.web.records.jobs.worker import Worker

LEAST_WORKERS, MOST_WORKERS, MOST_THREADS = 2, 8, 16
RECEIVING = 512
"""Requests that a web process takes in at once, each noted with its moment, however few threads answer."""
STOPPED_WITHIN = 10.0
LONGEST_PAUSE = 30.0

HostOption = Annotated[
    str, typer.Option("--host", help=both("监听的地址，0.0.0.0 为全部", "address to listen on; 0.0.0.0 is all"))
]
PortOption = Annotated[int, typer.Option("--port", min=1, max=65535, help=both("端口", "port"))]
WorkersOption = Annotated[
    int | None,
    typer.Option(
        "--workers",
        min=1,
        max=64,
        help=both("网站进程数，默认每个处理器一个，2 至 8 个", "web processes, else one a core, 2 to 8"),
    ),
]
OnceOption = Annotated[bool, typer.Option("--once", help=both("做完到期的任务就结束", "ends when nothing more is due"))]
PollOption = Annotated[
    float, typer.Option("--poll", min=0.05, max=60, help=both("隔几秒看一次有没有任务", "seconds between looks"))
]


def serve(
    host: HostOption = "127.0.0.1",
    port: PortOption = 8000,
    workers: WorkersOption = None,
    lang: LangOption = Lang.ZH,
) -> None:
    """Starts the web server and the background worker, and stops both on Ctrl-C or SIGTERM."""
    voice = Voice(lang, as_json=False)
    _free_or_refuse(voice, host, port)
    _database_or_refuse(voice, upgrade=True)
    count = workers or default_workers()
    web = Child("web", web_command(host, port, count), told={"JUNHENG_WEB_THREADS": str(answering_threads(count))})
    worker = Child("worker", (sys.executable, "-m", "junheng.cli", "web", "worker"), restarts=True)
    stop = Event()
    with listening(stop.set):
        web.start()
        worker.start()
        try:
            if _answers(host, port, web, stop):
                voice.say(
                    f"网站已启动：{address(host, port)}（按 Ctrl-C 停止）",
                    f"the site is up: {address(host, port)} (Ctrl-C stops it)",
                )
            ended = watch((web, worker), stop)
        finally:
            stop_all((web, worker))
    if ended is not None and not stop.is_set():
        voice.refuse(
            "网站进程意外结束，见上面的记录", "the web server ended unexpectedly, see the lines above", code=NO
        )
    voice.say("已停止", "stopped")


def worker(once: OnceOption = False, poll: PollOption = 1.0, lang: LangOption = Lang.ZH) -> None:
    """Does background work: imports, exports, nightly tasks."""
    voice = Voice(lang, as_json=False)
    _database_or_refuse(voice, upgrade=False)
    done = Worker(poll=poll, once=once).run()
    if once:
        voice.say(f"处理了 {done} 项任务", f"took {done} jobs in hand")


def default_workers() -> int:
    """A web process per processor, two at least and eight at most.

    A process answers with one processor at most; more processes than processors hold memory and connections to the
    database, and answer no sooner.
    """
    return max(LEAST_WORKERS, min(MOST_WORKERS, os.cpu_count() or 1))


def answering_threads(workers: int) -> int:
    """How many threads of a web process answer: they are bounded, because each holds a database connection."""
    return max(4, min(MOST_THREADS, 64 // workers))


def web_command(host: str, port: int, workers: int) -> tuple[str, ...]:
    """Granian with a thread for each request that it receives; those that answer are the application's own."""
    return (
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(workers), "--blocking-threads", str(RECEIVING), "--backpressure", str(RECEIVING),
        "--no-ws", "--respawn-failed-workers",
        "--workers-kill-timeout", "8", "--http1-header-read-timeout", "10000", "--log-level", "error",
        "junheng.web.wsgi:application",
    )  # fmt: skip


def address(host: str, port: int) -> str:
    """What to type into a browser on this machine."""
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{name}:{port}/"


@dataclass
class Child:
    """A process that is kept running, or whose end is the end of all."""

    name: str
    command: Sequence[str]
    restarts: bool = False
    told: Mapping[str, str] = field(default_factory=dict)
    """What its environment says beside ours."""
    process: subprocess.Popen[bytes] | None = None
    pause: float = 1.0
    began: float = field(default_factory=monotonic)

    def start(self) -> None:
        """Begins to run."""
        self.began = monotonic()
        self.process = subprocess.Popen(self.command, env=os.environ | self.told)  # noqa: S603 - our own programs

    @property
    def ended(self) -> int | None:
        """Its exit code, or ``None`` while it runs."""
        return self.process.poll() if self.process is not None else None


def watch(children: Sequence[Child], stop: Event, every: float = 0.3) -> Child | None:
    """Waits for the stop, restarting who may be restarted; gives a child whose end is the end of all."""
    due: dict[str, float] = {}
    while not stop.wait(every):
        for child in children:
            if (code := child.ended) is None:
                continue
            if not child.restarts:
                return child
            if child.name not in due:
                child.pause = 1.0 if monotonic() - child.began > LONGEST_PAUSE else min(LONGEST_PAUSE, child.pause * 2)
                due[child.name] = monotonic() + child.pause
                sys.stderr.write(f"{child.name} ended with {code}; it starts again in {child.pause:.0f} s\n")
            elif monotonic() >= due[child.name]:
                del due[child.name]
                child.start()
    return None


def stop_all(children: Sequence[Child]) -> None:
    """Asks every child to stop, and ends those that have not after ten seconds."""
    running = [child.process for child in children if child.process is not None and child.ended is None]
    for process in running:
        process.terminate()
    until = monotonic() + STOPPED_WITHIN
    for process in running:
        try:
            process.wait(timeout=max(0.1, until - monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_or_refuse(voice: Voice, host: str, port: int) -> None:
    """Refuses an address that cannot be listened on, by trying."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        if os.name == "posix":
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as fault:
            if fault.errno == errno.EADDRINUSE:
                voice.refuse(
                    f"端口 {port} 已被占用：先停掉占用它的程序，或用 --port 换一个。",
                    f"port {port} is in use: stop what uses it, or give another with --port.",
                )
            voice.refuse(
                f"不能监听 {host}:{port}（{fault.strerror}）。请检查 --host 和 --port。",
                f"cannot listen on {host}:{port} ({fault.strerror}). Check --host and --port.",
            )


def _database_or_refuse(voice: Voice, *, upgrade: bool) -> None:
    """Sees to it that the database is there and up to date, or says what to do.

    Only a SQLite file that nobody else can be using is upgraded at start, and never in production: there somebody
    makes a backup first.
    """
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except OperationalError as fault:
        not_ready(voice, fault)
    if not waiting:
        return
    if not upgrade or settings.PRODUCTION or connection.vendor != "sqlite":
        voice.refuse(
            f"数据库还差 {len(waiting)} 步升级。请先备份，再运行：junheng web migrate",
            f"the database lacks {len(waiting)} steps. Make a backup, then run: junheng web migrate",
        )
    call_command("migrate", interactive=False, verbosity=0)
    connection.close()


def _answers(host: str, port: int, web: Child, stop: Event, within: float = 60.0) -> bool:
    """Waits until somebody listens; false when the server ended or the stop came first."""
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    until = monotonic() + within
    while monotonic() < until and web.ended is None and not stop.wait(0.2):
        try:
            socket.create_connection((here, port), timeout=1).close()
        except OSError:
            continue
        return True
    return False
