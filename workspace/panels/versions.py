"""Versions, signatures and newer images: who vouches for which plan."""

from typing import Final

from trame.widgets import html

from workspace.panels.asking import NEW_ID, do, may, submit
from workspace.panels.forms import OneLine, one_line_form
from workspace.panels.lists import empty, heading
from workspace.panels.naming import roles, version_states
from workspace.panels.saying import shown, telling, word_for
from workspace.panels.words import t

SAVE: Final = (
    "if (version_name.trim()) { "
    + submit(
        "{ type: 'save_version', version_id: "
        + NEW_ID
        + ", name: version_name.trim(), description: version_text.trim() }"
    )
    + "; version_name = ''; version_text = '' }"
)
BRANCH: Final = (
    submit(
        "{ type: 'open_branch', branch_id: "
        + NEW_ID
        + ", name: branch_name.trim(), version_id: row.id }"
    )
    + "; branch_from = ''"
)
RETURN: Final = (
    submit("{ type: 'return_to_draft', version_id: row.id, reason: return_reason.trim() }")
    + "; return_of = ''"
)


def _compare(one: str) -> str:
    return (
        "compare_one = " + one + "; compare_other = 'now:' + branch_id; "
        "trigger('compare', [compare_one, compare_other])"
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


def _state(row: str, **more: str) -> None:
    html.Span(
        "{{ " + word_for(version_states(), row + ".state") + " }}",
        classes=("'cm-state ' + " + row + ".state",),
        **more,
    )


def _status() -> None:
    heading(t("This plan"))
    with html.Div(classes="cm-card"):
        with html.Div(classes="cm-kv"):
            html.B("{{ status.label }}", classes="cm-first")
            _state("status", id="plan-state")
        html.Div(shown(t("Branch {name}"), name="status.branch"), classes="cm-mu")
        html.Div(
            t(
                "Approved by two people. The next change makes it an unsigned draft again; the "
                "approved version stays as it is."
            ),
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
        html.B(t("There are newer images of this patient"))
        html.Div(
            shown(t("{what}; received {when}"), what="row.text", when="row.received"),
            classes="cm-mu",
        )
        html.Div(t("Every version made on the older ones is stale until somebody has checked."))
        html.Button(
            t("Checked: the plan holds"),
            v_if=may("confirm_imaging"),
            classes="cm-btn cm-after-text",
            click=submit("{ type: 'confirm_imaging', imaging_id: row.id }"),
        )


def _save() -> None:
    with html.Form(
        v_if=may("save_version"),
        classes="cm-form column",
        raw_attrs=['@submit.prevent="' + SAVE + '"'],
    ):
        html.Input(
            v_model=("version_name",),
            placeholder=t("Name of a new version, for example Two stages"),
            aria_label=t("Name of the new version"),
            maxlength="200",
            id="version-name",
        )
        html.Input(
            v_model=("version_text",),
            placeholder=t("What matters about it (optional)"),
            aria_label=t("Description of the new version"),
            maxlength="2000",
        )
        html.Button(
            t("Save version"),
            type="submit",
            classes="cm-btn primary",
            disabled=("!version_name.trim()",),
            id="save-version",
        )


def _versions() -> None:
    with html.Div(classes="cm-h"):
        html.Span(t("Versions"))
        html.Button(
            t("Compare"),
            v_if="versions.length",
            classes="cm-btn small",
            id="compare",
            click=_compare("versions[0].id"),
        )
    empty("!versions.length", t("No version yet. Save one when the plan is worth talking about."))
    with html.Div(
        v_for="row in versions", key="row.id", classes="cm-card", data_version=("row.id",)
    ):
        with html.Div(classes="cm-kv"):
            html.B("{{ row.label }}", classes="cm-first")
            _state("row")
        with html.Div(classes="cm-mu"):
            html.Span("{{ row.who }}", style=("{ color: row.colour }",))
            html.Span(" · {{ row.at }} · " + shown(t("branch {name}"), name="row.branch"))
        html.Div("{{ row.description }}", v_if="row.description", classes="cm-said")
        with html.Div(v_for="it in row.signatures", key="it.who + it.at", classes="cm-good"):
            html.Span(
                "✓ "
                + shown(
                    t("signed by {name}, {role}, {when}"),
                    name="it.who",
                    role=word_for(roles(), "it.role"),
                    when="it.at",
                )
            )
        _acts()
        _forms()


def _acts() -> None:
    with html.Div(classes="cm-acts"):
        html.Button(
            t("Ask for review"),
            v_if="row.state === 'draft' && " + may("request_review"),
            classes="cm-btn small",
            click=submit("{ type: 'request_review', version_id: row.id }"),
        )
        html.Button(
            t("Sign"),
            v_if="row.state === 'in_review' && "
            + may("sign_version")
            + " && !row.signed_by.includes(me.id)",
            classes="cm-btn small primary",
            title=t("Two different people sign; the second signature approves"),
            click=submit("{ type: 'sign_version', version_id: row.id, content_hash: row.hash }"),
        )
        html.Button(
            t("Return to draft"),
            v_if="row.state === 'in_review' && "
            + may("return_to_draft")
            + " && return_of !== row.id",
            classes="cm-btn small",
            click="return_of = row.id; return_reason = ''",
        )
        html.Button(t("Compare with now"), classes="cm-btn small", click=_compare("row.id"))
        html.Button(
            t("Branch from here"),
            v_if=may("open_branch") + " && branch_from !== row.id",
            classes="cm-btn small",
            click="branch_from = row.id; branch_name = ''",
        )


def _forms() -> None:
    one_line_form(
        OneLine("branch_name", BRANCH, t("Name of the branch"), t("Open")),
        condition="branch_from === row.id",
    )
    one_line_form(
        OneLine(
            draft="return_reason",
            act=RETURN,
            hint=t("Why it goes back"),
            button=t("Return"),
            longest=2000,
            label=telling(t("Why the version goes back to draft")),
        ),
        condition="return_of === row.id",
    )


def _branches() -> None:
    with html.Div(v_if="branches.length > 1"):
        heading(t("Branches"))
        with html.Div(
            v_for="row in branches",
            key="row.id",
            classes=("['cm-row', { selected: branch_id === row.id }]",),
            data_branch=("row.id",),
        ):
            with html.Span(classes="cm-name"):
                html.Span("{{ row.name }} ")
                html.Span(
                    shown(t("from {version}"), version="row.from"),
                    v_if="row.from",
                    classes="cm-after",
                )
                html.Span(t("from the images"), v_else=True, classes="cm-after")
            html.Span(t("shown"), v_if="branch_id === row.id", classes="cm-good")
            html.Button(
                t("Show"),
                v_if="branch_id !== row.id",
                classes="cm-btn small",
                aria_label=(telling(t("Show branch {name}"), name="row.name"),),
                click=do("visit", "branch_id: row.id"),
            )
