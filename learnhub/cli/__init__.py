"""The `learnhub` command."""

from __future__ import annotations

import click

from learnhub.cli import bringing, exporting, serving, verifying


@click.group()
@click.version_option(package_name="learnhub")
def main() -> None:
    """LearnHub: courses, quizzes, study hours, points, boards and transcripts."""


for command in (
    serving.database,
    serving.serve,
    serving.jobs,
    serving.create_admin,
    serving.erase_command,
    serving.demo_command,
    bringing.bring,
    exporting.export,
    verifying.verify,
):
    main.add_command(command)
