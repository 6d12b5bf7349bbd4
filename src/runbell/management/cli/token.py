"""``runbell token``: API tokens for programs."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from runbell.actions.tokens import create_token, revoke_token
from runbell.management.cli.console import Console, Subcommand, current_actor
from runbell.management.cli.options import add_json
from runbell.management.cli.parsing import days
from runbell.management.cli.text import moment
from runbell.queries.tokens import list_tokens

_DAY = 86_400


def _arguments(parser: ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    create = verbs.add_parser("create", help="make a token and print it, alone, on standard output")
    create.add_argument("--user", required=True, help="the user that the token acts as")
    create.add_argument("--name", default="", help="what it is for")
    create.add_argument(
        "--expires-days", type=days, help="how long it is valid; the setting TOKEN_LIFETIME if not given"
    )
    listing = verbs.add_parser("list", help="show all tokens, never their secrets")
    revoke = verbs.add_parser("revoke", help="make a token useless from now on")
    revoke.add_argument("prefix", help="the beginning of the token, as the list shows it")
    for verb in (create, listing, revoke):
        add_json(verb, to_verb=True)


def _run(options: Namespace, console: Console) -> None:
    {"create": _create, "list": _list, "revoke": _revoke}[options.verb](options, console)


def _create(options: Namespace, console: Console) -> None:
    lifetime = options.expires_days * _DAY if options.expires_days else None
    token = create_token(options.user, name=options.name, lifetime_seconds=lifetime, actor=current_actor())
    if console.json:
        console.document({"token": token.secret, "prefix": token.prefix, "expires_at": token.expires_at})
        return
    console.note(
        f"Token {token.prefix} acts as {options.user} until {moment(token.expires_at)}. It is not shown again."
    )
    console.text(token.secret)


def _list(_: Namespace, console: Console) -> None:
    tokens = list_tokens()
    if console.json:
        console.document({"tokens": tokens})
        return
    console.table(
        ["prefix", "user", "name", "created", "expires", "last used", "revoked"],
        [(t.prefix, t.username, t.name, t.created_at, t.expires_at, t.last_used_at, t.revoked_at) for t in tokens],
        empty="There are no tokens.",
    )


def _revoke(options: Namespace, console: Console) -> None:
    revoke_token(options.prefix, actor=current_actor())
    if console.json:
        console.document({"revoked": options.prefix})
        return
    console.text(f"Token {options.prefix} is revoked.")


COMMAND = Subcommand("token", "Create, list and revoke API tokens.", _arguments, _run)
