"""The command ``junheng`` and its commands."""

from __future__ import annotations

import typer

from junheng.cli import deciding, demo, measuring, planning, policies, proofs, simulating, workbooks

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="均衡:教师交流轮岗的测算、判定、排定与证明。 Plans, runs and proves a county's teacher rotation.",
)
app.command("demo")(demo.demo)
app.command("template")(workbooks.template)
app.command("synth")(workbooks.synth)
app.command("check")(workbooks.check)
app.command("decide")(deciding.decide_county)
app.command("measure")(measuring.measure)
app.command("plan")(planning.plan)
app.command("check-plan")(proofs.check_plan)
app.command("simulate")(simulating.simulate)
app.command("verify")(proofs.verify)
app.add_typer(policies.app, name="policy")


def main() -> None:
    """Runs the command ``junheng``."""
    app(prog_name="junheng")
