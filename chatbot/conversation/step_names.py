"""Names of the conversation's steps, by who comes to them."""

from typing import Final, Literal, TypeGuard, get_args

from chatbot.petition.signing.draft import Question

BroadcastStep = Literal["post", "button", "countries", "hour", "review"]
"""What an organizer is asked while writing a broadcast."""
TeamStep = Literal[
    "threshold",
    "export",
    "words",
    "milestone",
    "link",
    "place",
    "zone",
    "review_conditions",
    "review_link",
    "review_name",
    "review_reason",
    "approval_reason",
]
"""Everything else that a team member is asked to type."""
OwnDataStep = Literal["own_name", "own_country", "own_reason"]
"""What signers are asked to change their signature."""
StepName = Question | BroadcastStep | TeamStep | OwnDataStep
"""Names are stored with each supporter, so a name never changes."""
OWN_DATA_STEPS: Final[tuple[OwnDataStep, ...]] = get_args(OwnDataStep)
SIGNING_STEPS: Final[tuple[Question, ...]] = get_args(Question)


def is_signing_step(step: StepName | None) -> TypeGuard[Question]:
    """Whether this step asks a question of signing."""
    return step in SIGNING_STEPS


def is_own_data_step(step: StepName | None) -> TypeGuard[OwnDataStep]:
    """Whether this step asks a signer for a change of the signature."""
    return step in OWN_DATA_STEPS


def is_team_question(step: StepName | None) -> bool:
    """Whether this step asks a member of the team for something typed; at the review, buttons do everything."""
    return step is not None and step != "review" and not is_signing_step(step) and not is_own_data_step(step)
