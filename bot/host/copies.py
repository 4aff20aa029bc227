"""backup, restore, key export."""

import argparse
import sys
from pathlib import Path

from bot.host.options import OK, Commands, add_config, read_config, read_leniently


def add(commands: Commands) -> None:
    """Add the verbs."""
    backup = commands.add_parser(
        "backup",
        help="copy the shop to one file, also while it runs",
        description="One consistent moment of the whole shop. Its key is not in it: `key export`.",
    )
    restore = commands.add_parser(
        "restore",
        help="put a backup in the shop's place",
        description="Looks at the key, the checksum, the schema and every law first; the former file is kept.",
    )
    for parser, run in ((backup, _backup), (restore, _restore)):
        parser.add_argument("file", type=Path)
        add_config(parser)
        parser.set_defaults(run=run)
    key = commands.add_parser("key", help="the key of the shop's secrets")
    export = key.add_subparsers(dest="verb", required=True, metavar="VERB").add_parser(
        "export",
        help="print it",
        description="Print the key file. Keep it apart from backups: together they are the shop.",
    )
    add_config(export)
    export.set_defaults(run=_export)


def _backup(args: argparse.Namespace) -> int:
    from zoneinfo import ZoneInfo

    from core.tools.backup import backup

    shop = read_leniently(args).shop
    made = backup(shop.data_dir, args.file, ZoneInfo(shop.timezone))
    print(f"{args.file}: schema {made.manifest.schema_number}, {made.size} bytes, sha256 {made.sha256}")
    if made.wrong:
        print(
            f"zhanggui backup: WARNING: `restore` will refuse this copy: {made.wrong}\n"
            "The copy is kept. See `zhanggui verify`, and keep the older backups.",
            file=sys.stderr,
        )
    print("The key is not in it, and without the key nobody can read it: zhanggui key export", file=sys.stderr)
    return OK


def _restore(args: argparse.Namespace) -> int:
    from zoneinfo import ZoneInfo

    from core.tools.backup import restore

    shop = read_config(args).shop
    made, kept = restore(shop.data_dir, args.file, ZoneInfo(shop.timezone))
    print(f"{shop.data_dir}: the shop of {made.made_at:%Y-%m-%d %H:%M} UTC; every law holds")
    if kept is not None:
        print(f"the former file is kept as {kept}")
    return OK


def _export(args: argparse.Namespace) -> int:
    from core.tools.backup import read_key

    print(read_key(read_config(args).shop.data_dir), end="")
    return OK
