"""Versions, branches, signatures and newer images: who vouches for which plan."""

from typing import Final

from trame.widgets import html

from workspace.panels.asking import DO, NEW_ID, SUBMIT

SAVE: Final = (
    "if (version_name.trim()) { "
    + SUBMIT
    + "{ type: 'save_version', version_id: "
    + NEW_ID
    + ", name: version_name.trim(), description: version_text.trim() } }; "
    "version_name = ''; version_text = '' }"
)
BRANCH: Final = (
    "if (branch_name.trim()) { "
    + SUBMIT
    + "{ type: 'open_branch', branch_id: "
    + NEW_ID
    + ", name: branch_name.trim(), version_id: row.id } }; branch_name = ''; branch_from = '' }"
)
RETURN: Final = (
    "if (return_reason.trim()) { "
    + SUBMIT
    + "{ type: 'return_to_draft', version_id: row.id, reason: return_reason.trim() } }; "
    "return_reason = ''; return_of = '' }"
)


class VersionsPanel(html.Div):
    """Knows names of state only."""

    def __init__(self) -> None:
        super().__init__()
        with self:
            _status()
            _newer_images()
            _save()
            _versions()
            _branches()


def _status() -> None:
    with html.Div(classes="cm-h"):
        html.Span("This plan")
    with html.Div(classes="cm-card"):
        with html.Div(classes="cm-kv"):
            html.B("{{ status.label }}", style="text-align: left")
            html.Span(
                "{{ status.state_words }}", classes=("'cm-state ' + status.state",), id="plan-state"
            )
        html.Div("Branch {{ status.branch }}", classes="cm-mu")
        html.Div(
            "Approved by two people. The next change makes it an unsigned draft again; the "
            "approved version stays as it is.",
            v_if="status.state === 'approved'",
            classes="cm-mu",
        )


def _newer_images() -> None:
    with html.Div(
        v_for="row in newer_images.filter((i) => !i.confirmed_by)",
        key="row.id",
        classes="cm-card cm-warn",
        role="alert",
    ):
        html.B("There are newer images of this patient")
        html.Div("{{ row.text }}; received {{ row.received }}", classes="cm-mu")
        html.Div("Every version made on the older ones is stale until somebody has checked.")
        html.Button(
            "Checked: the plan holds",
            v_if="me.may.includes('confirm_imaging')",
            classes="cm-btn",
            style="margin-top: 8px",
            click=SUBMIT + "{ type: 'confirm_imaging', imaging_id: row.id } }",
        )


def _save() -> None:
    with html.Form(
        v_if="me.may.includes('save_version')",
        classes="cm-form column",
        raw_attrs=['@submit.prevent="' + SAVE + '"'],
    ):
        html.Input(
            v_model=("version_name",),
            placeholder="Name of a new version, for example Two stages",
            aria_label="Name of the new version",
            maxlength="200",
            id="version-name",
        )
        html.Input(
            v_model=("version_text",),
            placeholder="What matters about it (optional)",
            aria_label="Description of the new version",
            maxlength="2000",
        )
        html.Button(
            "Save version",
            type="submit",
            classes="cm-btn primary",
            disabled=("!version_name.trim()",),
            id="save-version",
        )


def _versions() -> None:
    with html.Div(classes="cm-h"):
        html.Span("Versions")
        html.Button(
            "Compare",
            v_if="versions.length",
            classes="cm-btn small",
            id="compare",
            click="compare_one = versions[0].id; compare_other = 'now:' + branch_id; "
            "trigger('compare', [compare_one, compare_other])",
        )
    html.Div(
        "No version yet. Save one when the plan is worth talking about.",
        v_if="!versions.length",
        classes="cm-empty",
    )
    with html.Div(
        v_for="row in versions", key="row.id", classes="cm-card", data_version=("row.id",)
    ):
        with html.Div(classes="cm-kv"):
            html.B("{{ row.label }}", style="text-align: left")
            html.Span("{{ row.state_words }}", classes=("'cm-state ' + row.state",))
        with html.Div(classes="cm-mu"):
            html.Span("{{ row.who }}", style=("{ color: row.colour }",))
            html.Span(" · {{ row.at }} · branch {{ row.branch }}")
        html.Div("{{ row.description }}", v_if="row.description", classes="cm-said")
        with html.Div(v_for="it in row.signatures", key="it.who + it.at", classes="cm-good"):
            html.Span("✓ signed by {{ it.who }}, {{ it.role }}, {{ it.at }}")
        _acts()
        _branch_form()
        _return_form()


def _acts() -> None:
    with html.Div(classes="cm-acts"):
        html.Button(
            "Ask for review",
            v_if="row.state === 'draft' && me.may.includes('request_review')",
            classes="cm-btn small",
            click=SUBMIT + "{ type: 'request_review', version_id: row.id } }",
        )
        html.Button(
            "Sign",
            v_if="row.state === 'in_review' && me.may.includes('sign_version') && "
            "!row.signed_by.includes(me.id)",
            classes="cm-btn small primary",
            title="Two different people sign; the second signature approves",
            click=SUBMIT + "{ type: 'sign_version', version_id: row.id, content_hash: row.hash } }",
        )
        html.Button(
            "Return to draft",
            v_if="row.state === 'in_review' && me.may.includes('return_to_draft') && "
            "return_of !== row.id",
            classes="cm-btn small",
            click="return_of = row.id; return_reason = ''",
        )
        html.Button(
            "Compare with now",
            classes="cm-btn small",
            click="compare_one = row.id; compare_other = 'now:' + branch_id; "
            "trigger('compare', [compare_one, compare_other])",
        )
        html.Button(
            "Branch from here",
            v_if="me.may.includes('open_branch') && branch_from !== row.id",
            classes="cm-btn small",
            click="branch_from = row.id; branch_name = ''",
        )


def _branch_form() -> None:
    with html.Form(
        v_if="branch_from === row.id",
        classes="cm-form bare",
        raw_attrs=['@submit.prevent="' + BRANCH + '"'],
    ):
        html.Input(
            v_model=("branch_name",),
            placeholder="Name of the branch",
            aria_label="Name of the branch",
            maxlength="200",
            autofocus=True,
        )
        html.Button("Open", type="submit", classes="cm-btn primary")


def _return_form() -> None:
    with html.Form(
        v_if="return_of === row.id",
        classes="cm-form bare",
        raw_attrs=['@submit.prevent="' + RETURN + '"'],
    ):
        html.Input(
            v_model=("return_reason",),
            placeholder="Why it goes back",
            aria_label="Why the version goes back to draft",
            maxlength="2000",
            autofocus=True,
        )
        html.Button("Return", type="submit", classes="cm-btn primary")


def _branches() -> None:
    with html.Div(v_if="branches.length > 1"):
        with html.Div(classes="cm-h"):
            html.Span("Branches")
        with html.Div(
            v_for="row in branches",
            key="row.id",
            classes=("['cm-row', { selected: branch_id === row.id }]",),
            data_branch=("row.id",),
        ):
            with html.Span(classes="cm-name"):
                html.Span("{{ row.name }} ")
                html.Span("from {{ row.from }}", classes="cm-after")
            html.Span("shown", v_if="branch_id === row.id", classes="cm-good")
            html.Button(
                "Show",
                v_if="branch_id !== row.id",
                classes="cm-btn small",
                aria_label=("'Show branch ' + row.name",),
                click=DO + "'visit', branch_id: row.id }",
            )
